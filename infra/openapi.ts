/** The OpenAPI 3.1 document of every endpoint, derived from the same list that the router reads. */
import * as z from 'zod';
import type { Endpoint } from '../functions/platform/endpoint.ts';
import {
  type RefusalCode,
  refusalStatus,
  SHARED_REFUSALS,
} from '../functions/platform/refusals.ts';

type Json = Record<string, unknown>;

const STAFF_REFUSALS: readonly RefusalCode[] = ['token_missing', 'token_invalid', 'role_missing'];
/** Of the shared refusals, those that concern what is sent. */
const ABOUT_SENDING: readonly RefusalCode[] = [
  'malformed_body',
  'too_large',
  'unsupported_media_type',
  'foreign_origin',
];

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457. `code` is for programs, `detail` for the person.',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'urn:hidamari:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'A sentence in Japanese' },
    code: { type: 'string', enum: Object.keys(refusalStatus) },
    field: { type: 'string' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'sentence'],
        properties: { field: { type: 'string' }, sentence: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
};

/** @returns plain JSON; the same endpoints give the same document. */
export function openApiDocument(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const { path, method } = endpoint;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hidamari',
      version: '1',
      description:
        'Courses and bookings of a child and family support centre. A browser that asks for HTML or sends a form is answered with a page or a redirect instead.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of the identity provider; roles are its groups',
        },
      },
    },
  };
}

/** Every code that an endpoint may answer with, its own and those of the edge. */
export function refusalsOf(endpoint: Endpoint): readonly RefusalCode[] {
  const reads = endpoint.method === 'GET';
  const shared = SHARED_REFUSALS.filter((code) => !(reads && ABOUT_SENDING.includes(code)));
  return [
    ...new Set([
      ...shared,
      ...(endpoint.params ? (['not_found'] as const) : []),
      ...(endpoint.access === 'public' ? [] : STAFF_REFUSALS),
      ...endpoint.refuses,
    ]),
  ];
}

function operationOf(endpoint: Endpoint): Json {
  const { operation, summary, access, body, method } = endpoint;
  const own = Object.keys(objectOf(body, 'input').properties).length > 0;
  return {
    operationId: operation,
    summary,
    ...(access !== 'public' && {
      security: [{ staff: [] }],
      description: `Roles: ${access.roles.join(', ')}`,
    }),
    parameters: parametersOf(endpoint),
    ...(body && {
      requestBody: {
        required: own,
        content: {
          'application/json': { schema: schemaOf(body, 'input') },
          'application/x-www-form-urlencoded': { schema: schemaOf(body, 'input') },
        },
      },
    }),
    responses: {
      ...successOf(endpoint),
      ...(method === 'GET' || access !== 'public'
        ? {}
        : { '303': { description: 'To a form: the page to go on to, in Location' } }),
      ...refusalResponses(endpoint),
    },
  };
}

function parametersOf({ path, params, query, method, access }: Endpoint): Json[] {
  const inPath = objectOf(params, 'input').properties;
  const { properties, required } = objectOf(query, 'input');
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: inPath[name] ?? { type: 'string' },
    })),
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    })),
    ...(method === 'POST' && access === 'public'
      ? [
          {
            name: 'idempotency-key',
            in: 'header',
            required: false,
            description: 'The same key and body is the same request',
            schema: { type: 'string' },
          },
        ]
      : []),
  ];
}

function successOf({ output, method, path }: Endpoint): Json {
  if (output === 'page') {
    return method === 'GET'
      ? {
          '200': {
            description: 'A page',
            content: { 'text/html': { schema: { type: 'string' } } },
          },
        }
      : {};
  }
  if (output === 'csv' || output === 'calendar') {
    return {
      '200': {
        description: 'A file',
        content: { [`text/${output}`]: { schema: { type: 'string' } } },
      },
    };
  }
  const status = method === 'POST' && path.endsWith('/registrations') ? '201' : '200';
  return {
    [status]: {
      description: 'Done',
      content: { 'application/json': { schema: schemaOf(output, 'output') } },
    },
  };
}

/** One response for each status, with all the codes that share it. */
function refusalResponses(endpoint: Endpoint): Record<string, Json> {
  const responses: Record<string, Json> = {};
  const codes = refusalsOf(endpoint);
  for (const status of new Set(codes.map((code) => refusalStatus[code]))) {
    const here = codes.filter((code) => refusalStatus[code] === status);
    responses[String(status)] = {
      description: here.join(', '),
      content: {
        'application/problem+json': {
          schema: {
            allOf: [{ $ref: '#/components/schemas/Problem' }],
            properties: { code: { enum: here } },
          },
        },
      },
    };
  }
  return responses;
}

function objectOf(schema: z.ZodType | undefined, io: 'input' | 'output') {
  const { properties = {}, required = [] } = (schema ? schemaOf(schema, io) : {}) as {
    properties?: Json;
    required?: string[];
  };
  return { properties, required };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // What only code can say (a Japanese telephone number, a day that exists) is left open here.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
