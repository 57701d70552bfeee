// What the OpenAI SDK does of its own accord: repeats, time limits, aborts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { simulatorKey, startRecorder, startServers, startUpstream } from './servers.js';

const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] };
const failure = { error: { message: 'overloaded', type: 'server_error', param: null, code: null } };

/** A provider whose first event waits until it is told; until then it sends nothing, or comments. */
async function startSlow({ ping = false } = {}) {
  let arrived;
  let left;
  const slow = { asked: new Promise((resolve) => { arrived = resolve; }), gone: new Promise((resolve) => { left = resolve; }) };
  const upstream = await startUpstream((request, response) => {
    arrived();
    response.on('close', left);
    if (!ping) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let pings = 0;
    const timer = setInterval(() => {
      response.write(': ping\n\n');
      if (++pings < 12) return;
      clearInterval(timer);
      response.end('data: {"choices":[{"index":0,"delta":{"content":"late"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    }, 50);
  });
  return Object.assign(slow, upstream);
}

describe('openai: repeats, time limits, aborts', () => {
  let servers;

  before(async () => { servers = await startServers(); });
  after(() => servers.stop());

  const client = (headers, options) => new OpenAI({ baseURL: servers.gateway, apiKey: simulatorKey, defaultHeaders: headers, ...options });
  const at = (upstream) => ({ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream.url });
  const configured = (config) => ({ 'x-portkey-config': JSON.stringify(config) });

  for (const [what, config, calls] of [
    ['repeats', (url) => ({ provider: 'openai', custom_host: url, retry: { attempts: 1, use_retry_after_header: true } }), 2],
    ['targets', (url) => ({ strategy: { mode: 'fallback' }, targets: [{ provider: 'openai', custom_host: url }, { provider: 'groq', custom_host: url }] }), 2],
  ]) {
    test(`it does not multiply our ${what}`, async () => {
      const failing = await startRecorder(failure, 503, { 'retry-after-ms': '1' });
      try {
        await assert.rejects(client(configured(config(failing.url))).chat.completions.create(hello), OpenAI.InternalServerError);
        assert.equal(failing.requests.length, calls);
      } finally {
        await failing.stop();
      }
    });
  }

  test('it repeats by itself where we do not', async () => {
    const failing = await startRecorder(failure, 503, { 'retry-after-ms': '1' });
    try {
      await assert.rejects(client(at(failing)).chat.completions.create(hello), OpenAI.InternalServerError);
      assert.equal(failing.requests.length, 3);
    } finally {
      await failing.stop();
    }
  });

  test('its time limit is not touched by pings, which count as life', async () => {
    const pinging = await startSlow({ ping: true });
    try {
      const stream = await client(at(pinging), { timeout: 300, maxRetries: 0 }).chat.completions.create({ ...hello, stream: true });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0].delta.content;
      assert.equal(text, 'late');
    } finally {
      await pinging.stop();
    }
  });

  test('its time limit ends a call that stays silent, at the provider too', async () => {
    const silent = await startSlow();
    try {
      await assert.rejects(client(at(silent), { timeout: 300, maxRetries: 0 }).chat.completions.create(hello), OpenAI.APIConnectionTimeoutError);
      await silent.gone;
    } finally {
      await silent.stop();
    }
  });

  test('our time limit is an error with status 408', async () => {
    const silent = await startSlow();
    try {
      await assert.rejects(
        client({ ...at(silent), 'x-portkey-request-timeout': '100' }, { maxRetries: 0 }).chat.completions.create(hello),
        (error) => error instanceof OpenAI.APIError && error.status === 408 && error.type === 'timeout_error',
      );
    } finally {
      await silent.stop();
    }
  });

  for (const stream of [false, true]) {
    test(`an abort before the headers reaches the provider (${stream ? 'stream' : 'document'})`, async () => {
      const silent = await startSlow();
      const abort = new AbortController();
      try {
        const call = client(at(silent), { maxRetries: 0 }).chat.completions.create({ ...hello, stream }, { signal: abort.signal });
        const rejected = assert.rejects(call, OpenAI.APIUserAbortError);
        await silent.asked;
        abort.abort();
        await rejected;
        await silent.gone;
      } finally {
        await silent.stop();
      }
    });
  }

  test('a provider that cannot be reached is an error with status 502', async () => {
    const closed = await startUpstream(() => {});
    await closed.stop();
    await assert.rejects(client(at(closed), { maxRetries: 0 }).chat.completions.create(hello), (error) => error instanceof OpenAI.InternalServerError && error.status === 502);
  });
});
