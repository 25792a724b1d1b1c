// OpenAI's kit for Node.js as a server of orders for tests: it asks a gateway as programs do.
import OpenAI from 'openai';
import { serve } from './control.js';

const connect = ({ url, key }) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });

// failure is what a program sees of an error.
const failure = (e) => ({ name: e.constructor.name, status: e.status ?? 0, code: e.code ?? '', type: e.type ?? '', message: e.message, request: e.requestID ?? '' });

const ways = {
  async chat(client, params) {
    const answer = await client.chat.completions.create(params);
    return { text: answer.choices[0].message.content, calls: answer.choices[0].message.tool_calls ?? [], tokens: answer.usage.completion_tokens, request: answer._request_id };
  },
  async stream(client, params) {
    let text = '';
    const runner = client.chat.completions.stream(params);
    runner.on('content', (piece) => { text += piece; });
    const answer = await runner.finalChatCompletion();
    return { text: text || answer.choices[0].message.content, calls: answer.choices[0].message.tool_calls ?? [], tokens: answer.usage?.completion_tokens ?? 0 };
  },
  async responses(client, params) {
    let text = '';
    for await (const event of await client.responses.create({ ...params, stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    return { text, calls: [], tokens: (await client.responses.create(params)).usage.output_tokens };
  },
  async embeddings(client, params) {
    const answer = await client.embeddings.create(params);
    return { text: '', calls: [], tokens: answer.usage.prompt_tokens, sizes: answer.data.map((d) => d.embedding.length) };
  },
  async models(client) {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    return { text: names.join(' '), calls: [], tokens: 0 };
  },
};

serve({
  async ask({ url, key, way, params }) {
    try {
      return await ways[way](connect({ url, key }), params);
    } catch (e) {
      if (!(e instanceof OpenAI.APIError)) throw e;
      return { failure: failure(e) };
    }
  },
});
