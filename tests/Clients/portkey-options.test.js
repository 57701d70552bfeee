// What the constructor options of portkey-ai come to at the provider.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createHeaders, Portkey } from 'portkey-ai';
import { simulatorKey, startRecorder, startServers, startUpstream } from './servers.js';

const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] };

describe('options of portkey-ai', () => {
  let servers;
  let provider;

  before(async () => {
    provider = await startRecorder({ id: 'c1', object: 'chat.completion', choices: [] });
    servers = await startServers(() => ({
      providers: { seen: { base_url: provider.url } },
      configs: { saved: { provider: 'seen', api_key: 'sk-saved', override_params: { temperature: 0 } } },
    }));
  });
  after(async () => {
    await servers.stop();
    await provider.stop();
  });

  const client = (options) => new Portkey({ baseURL: servers.gateway, Authorization: 'sk-mine', ...options });

  for (const [what, options] of [
    ['strictOpenAiCompliance', { strictOpenAiCompliance: true }],
    ['cacheForceRefresh', { cacheForceRefresh: true }],
    ['cacheNamespace', { cacheNamespace: 'mine' }],
    ['debug', { debug: false }],
    ['metadata', { metadata: { _user: 'José', plan: 'pro' } }],
    ['apiKey', { apiKey: 'pk-gateway' }],
    ['dangerouslyAllowBrowser', { dangerouslyAllowBrowser: true }],
    ['what this version does not know', { someNewOption: 'x' }],
  ]) {
    test(`${what} is taken and stays here`, async () => {
      const reply = await client({ provider: 'seen', ...options }).chat.completions.create(hello);
      assert.equal(reply.getHeaders().provider, 'seen');
      assert.ok(reply.getHeaders()['trace-id']);
      assert.equal(reply.getHeaders()['cache-status'], 'DISABLED');
      const { headers, body } = provider.last();
      assert.deepEqual(JSON.parse(body), hello);
      assert.equal(headers.authorization, 'Bearer sk-mine');
      assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('x-portkey-')), []);
    });
  }

  for (const [what, config] of [
    ['an object', { provider: 'seen', api_key: 'sk-config', override_params: { temperature: 0 } }],
    ['a JSON string', '{"provider":"seen","api_key":"sk-config","override_params":{"temperature":0}}'],
    ['the name of a saved one', 'saved'],
  ]) {
    test(`config is ${what}`, async () => {
      await client({ config }).chat.completions.create(hello);
      assert.deepEqual(JSON.parse(provider.last().body), { ...hello, temperature: 0 });
      assert.equal(provider.last().headers.authorization, config === 'saved' ? 'Bearer sk-saved' : 'Bearer sk-config');
    });
  }

  test('config of a call replaces the one of the constructor', async () => {
    const portkey = client({ config: { provider: 'seen', override_params: { seed: 1 } } });
    await portkey.chat.completions.create(hello, { config: { provider: 'seen', override_params: { seed: 2 } }, traceID: 'of-the-call' });
    assert.equal(JSON.parse(provider.last().body).seed, 2);
  });

  test('forwardHeaders names are camel case, and the headers arrive', async () => {
    await client({ provider: 'seen', forwardHeaders: ['xFirst', 'sessionID'], xFirst: '1', sessionID: '2' }).chat.completions.create(hello);
    const { headers } = provider.last();
    assert.equal(headers['x-first'], '1');
    assert.equal(headers['session-id'], '2');
  });

  test('customHost is called in place of the provider', async () => {
    await client({ provider: 'mistral-ai', customHost: provider.url }).chat.completions.create({ ...hello, maxCompletionTokens: 5, seed: 7 });
    assert.deepEqual(JSON.parse(provider.last().body), { ...hello, max_tokens: 5, random_seed: 7 });
  });

  test('azure options choose deployment, version and key header', async () => {
    const azure = client({ provider: 'azure-openai', customHost: provider.url, azureResourceName: 'res', azureDeploymentId: 'dep', azureApiVersion: '2024-10-21' });
    await azure.chat.completions.create(hello);
    assert.equal(provider.last().path, '/v1/deployments/dep/chat/completions?api-version=2024-10-21');
    assert.equal(provider.last().headers['api-key'], 'sk-mine');
    assert.equal(provider.last().headers.authorization, undefined);
  });

  test('openai and anthropic options become their headers', async () => {
    await client({ provider: 'openai', customHost: provider.url, openaiProject: 'proj', openaiOrganization: 'org' }).chat.completions.create(hello);
    assert.equal(provider.last().headers['openai-project'], 'proj');
    assert.equal(provider.last().headers['openai-organization'], 'org');
    await client({ provider: 'anthropic', customHost: provider.url, anthropicBeta: 'b1', anthropicVersion: '2023-06-01' }).post('/messages', { ...hello, max_tokens: 1 });
    assert.equal(provider.last().headers['anthropic-beta'], 'b1');
    assert.equal(provider.last().headers['x-api-key'], 'sk-mine');
  });

  test('requestTimeout ends in a 408', async () => {
    const silent = await startUpstream(() => {});
    try {
      await assert.rejects(
        client({ provider: 'openai', customHost: silent.url, requestTimeout: 100 }).chat.completions.create(hello),
        (error) => error.status === 408 && /100 ms/.test(error.message),
      );
    } finally {
      await silent.stop();
    }
  });

  for (const [what, options] of [
    ['virtualKey', { virtualKey: 'openai-team' }],
    ['virtualKey beside a config that only repeats', { virtualKey: 'openai-team', config: { retry: { attempts: 1 } } }],
    ['a provider of the model catalogue', { provider: '@openai-team' }],
    ['an unknown config id', { config: 'pc-prod-123' }],
  ]) {
    test(`${what} is refused with the reason`, async () => {
      await assert.rejects(client(options).chat.completions.create(hello), (error) => error.status === 400 && /stor|saved/.test(error.message));
    });
  }

  test('createHeaders serves plain fetch too', async () => {
    const response = await fetch(`${servers.gateway}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...createHeaders({ provider: 'seen', Authorization: `Bearer ${simulatorKey}`, metadata: { name: 'José' }, traceID: 't-1', config: { retry: { attempts: 1 } } }),
      },
      body: JSON.stringify(hello),
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-portkey-trace-id'), 't-1');
  });
});
