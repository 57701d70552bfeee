import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { createHeaders, Portkey } from 'portkey-ai';
import { simulatorKey, startServers } from './servers.js';

describe('portkey-ai', () => {
  let servers;

  before(async () => { servers = await startServers(); });
  after(() => servers.stop());

  const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] };
  const target = (model) => ({ provider: 'sim', api_key: simulatorKey, ...(model && { override_params: { model } }) });

  test('takes provider, key and trace id from constructor options', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, provider: 'sim', Authorization: `Bearer ${simulatorKey}`, traceID: 'trace-1' });
    const reply = await portkey.chat.completions.create(hello);
    assert.match(reply.choices[0].message.content, /hello/);
    const headers = reply.getHeaders();
    assert.equal(headers['trace-id'], 'trace-1');
    assert.equal(headers.provider, 'sim');
    assert.equal(headers['retry-attempt-count'], '0');
  });

  test('reaches a custom host', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, provider: 'openai', Authorization: `Bearer ${simulatorKey}`, customHost: servers.provider });
    const reply = await portkey.chat.completions.create(hello);
    assert.match(reply.choices[0].message.content, /hello/);
  });

  test('takes a config object', async () => {
    const portkey = new Portkey({
      baseURL: servers.gateway,
      config: { strategy: { mode: 'fallback' }, targets: [target('fail-500'), target()] },
    });
    const reply = await portkey.chat.completions.create(hello);
    assert.match(reply.choices[0].message.content, /hello/);
    assert.equal(reply.getHeaders()['last-used-option-index'], 'config.targets[1]');
  });

  test('streams', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, config: target() });
    let text = '';
    for await (const chunk of await portkey.chat.completions.create({ ...hello, stream: true })) text += chunk.choices[0]?.delta?.content ?? '';
    assert.match(text, /hello/);
  });

  test('routes by metadata', async () => {
    const config = {
      strategy: { mode: 'conditional', conditions: [{ query: { 'metadata.plan': { $eq: 'paid' } }, then: 'paid' }], default: 'free' },
      targets: [{ name: 'free', ...target('fail-429') }, { name: 'paid', ...target() }],
    };
    const paid = new Portkey({ baseURL: servers.gateway, config, metadata: { plan: 'paid' } });
    assert.equal((await paid.chat.completions.create(hello)).getHeaders()['last-used-option-index'], 'config.targets[1]');
    const free = new Portkey({ baseURL: servers.gateway, config, metadata: { plan: 'free' } });
    await assert.rejects(free.chat.completions.create(hello), (error) => error.status === 429);
  });

  test('embeds', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, config: target() });
    const reply = await portkey.embeddings.create({ model: 'text-embedding-3-small', input: 'one' });
    assert.ok(reply.data[0].embedding.length > 0);
  });

  test('calls through the embedded OpenAI client never send its dummy key', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, apiKey: 'pk-gateway', config: target() });
    const models = await portkey.models.list();
    assert.ok(models.data.length > 0);
  });

  test('createHeaders makes the OpenAI SDK a client', async () => {
    const client = new OpenAI({
      baseURL: servers.gateway,
      apiKey: simulatorKey,
      maxRetries: 0,
      defaultHeaders: createHeaders({ provider: 'sim', metadata: { a: 'b' }, traceID: 'trace-2' }),
    });
    const { data, response } = await client.chat.completions.create(hello).withResponse();
    assert.match(data.choices[0].message.content, /hello/);
    assert.equal(response.headers.get('x-portkey-trace-id'), 'trace-2');
  });

  test('a config with faults is refused once, with all of them', async () => {
    const portkey = new Portkey({ baseURL: servers.gateway, config: { strategy: { mode: 'loadbalance' }, targets: [{ provider: 'nobody', weight: -1 }, { provider: 5 }] } });
    await assert.rejects(portkey.chat.completions.create(hello), (error) => error.status === 400 && /targets/.test(error.message));
  });
});
