/** The OpenAPI document says what the endpoint list says, and has the shape of OpenAPI 3.1. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoints } from '../../functions/api.ts';
import { refusalStatus, SHARED_REFUSALS } from '../../functions/platform/refusals.ts';
import { openApiDocument } from '../../infra/openapi.ts';

const Schema = z.looseObject({});
const Media = z.record(z.string().regex(/^\w+\/[\w.+-]+$/), z.strictObject({ schema: Schema }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(1),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query', 'header']),
      required: z.boolean(),
      description: z.string().optional(),
      schema: Schema,
    }),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content: Media }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: Media.optional() }),
  ),
});
const OpenApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'patch']), Operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string(), Schema),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })),
  }),
});

const written = JSON.parse(JSON.stringify(openApiDocument(endpoints)));
const document = OpenApi.parse(written);
const operationOf = ({ path, method }: (typeof endpoints)[number]) => {
  const operation = document.paths[path]?.[method.toLowerCase() as 'get'];
  if (!operation) throw new Error(`${method} ${path} is missing`);
  return operation;
};

test('every endpoint is in it, and nothing else', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    endpoints.map(({ operation }) => operation).sort(),
  );
});

describe.each(endpoints.map((endpoint) => [endpoint.operation, endpoint] as const))(
  '%s',
  (_name, endpoint) => {
    const operation = operationOf(endpoint);

    test('names every refusal at its status', () => {
      const sends = endpoint.method !== 'GET';
      const codes = sends ? [...endpoint.refuses, ...SHARED_REFUSALS] : endpoint.refuses;
      for (const code of [...codes, 'invalid_input', 'busy'] as const) {
        const response = operation.responses[String(refusalStatus[code])];
        const schema = response?.content?.['application/problem+json']?.schema as {
          properties?: { code: { enum: string[] } };
        };
        expect(schema?.properties?.code.enum, code).toContain(code);
      }
    });

    test('declares its path, and a good answer', () => {
      const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
    });

    test('asks for a token exactly when it is for staff', () => {
      expect(operation.security).toEqual(
        endpoint.access === 'public' ? undefined : [{ staff: [] }],
      );
      const refuses = Object.keys(operation.responses).includes('401');
      expect(refuses).toBe(endpoint.access !== 'public');
    });
  },
);

test('an application is described field by field, as people may type it', () => {
  const { requestBody } = document.paths['/api/registrations']?.post ?? {};
  const schema = requestBody?.content['application/json']?.schema as {
    properties: Record<string, unknown>;
    required: string[];
    additionalProperties: boolean;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['courseId', 'applicant', 'participants', 'needs']),
  );
  expect(schema.required).toContain('courseId');
});

test('every reference leads somewhere', () => {
  for (const [, name] of JSON.stringify(written).matchAll(
    /"\$ref":"#\/components\/schemas\/(\w+)"/g,
  )) {
    expect(document.components.schemas[name ?? '']).toBeDefined();
  }
  expect(JSON.stringify(written)).not.toMatch(/"\$ref":"(?!#\/components\/)/);
});
