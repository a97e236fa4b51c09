/** A stand-in for S3 behind a real port: objects, conditional writes, and what S3 says when one is not there. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';

interface Kept {
  readonly bytes: Buffer;
  readonly headers: Record<string, string>;
}

export interface StandInS3 {
  readonly client: S3Client;
  /** Objects by `/<bucket>/<key>`. */
  readonly objects: Map<string, Kept>;
  /** Method and path of every request. */
  readonly requests: string[];
  /** Answers the next writes as S3 does while another write of the same key is under way. */
  conflict(times: number): void;
  /** Refuses everything, as without any permission. */
  forbid(isForbidden: boolean): void;
  stop(): Promise<void>;
}

/** @param mayList without it S3 answers 403 where there is nothing */
export async function startS3({ mayList = false } = {}): Promise<StandInS3> {
  const objects = new Map<string, Kept>();
  const requests: string[] = [];
  let conflicts = 0;
  let forbidden = false;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    requests.push(`${request.method} ${path}`);
    const body = await bodyOf(request);
    const say = (status: number, code?: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(code && request.method !== 'HEAD' ? `<Error><Code>${code}</Code></Error>` : '');
    };
    if (forbidden) return say(403, 'AccessDenied');
    const kept = objects.get(path);
    if (request.method === 'PUT') {
      if (conflicts > 0) {
        conflicts -= 1;
        return say(409, 'ConditionalRequestConflict');
      }
      if (request.headers['if-none-match'] === '*' && kept) return say(412, 'PreconditionFailed');
      const headers = Object.entries(request.headers).filter(([name]) =>
        /^(content-type|x-amz-meta-.*)$/.test(name),
      ) as [string, string][];
      objects.set(path, { bytes: body, headers: Object.fromEntries(headers) });
      return say(200);
    }
    if (request.method === 'DELETE') {
      objects.delete(path);
      return say(204);
    }
    if (!kept) return mayList ? say(404, 'NoSuchKey') : say(403, 'AccessDenied');
    response.writeHead(200, { ...kept.headers, 'content-length': kept.bytes.length });
    response.end(request.method === 'HEAD' ? '' : kept.bytes);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    client: new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'ap-northeast-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    objects,
    requests,
    conflict: (times) => {
      conflicts = times;
    },
    forbid: (isForbidden) => {
      forbidden = isForbidden;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (!String(request.headers['content-encoding']).includes('aws-chunked')) return body;
  // `<length in hex>\r\n<bytes>\r\n` … `0\r\n`, then the checksum.
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!length) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
