// Package wire knows the shapes that programs and models speak: chat completions, responses, embeddings and models of OpenAI,
// and messages of Anthropic. It reads and writes bytes only: no network, no clock, no store.
//
// Words:
//   - Document: a JSON text that was checked once, with the place of each value in it. Nothing is decoded before it is asked for.
//   - Shape: which of the interfaces a body belongs to.
//   - Request: a Document of which the few things the gateway decides on were read (model, stream, limit of the answer).
//   - Text: a place in a body where a person, a program or a model wrote. Rewrite shows each and puts others in their place;
//     every byte that is not part of a replaced text stays as it came, unknown fields and their order too.
//   - Event, Reader: server-sent events, as they come. Editor: rewrites the texts of a stream that come in pieces.
//   - Conversation, Answer, Step: the meaning of a request, an answer and a piece of a streamed answer, apart from any shape;
//     conversions go from one shape to it and from it to another. What another shape cannot say is a Fault that names the field.
//   - Fault: what is wrong with a request or an answer, and how it is said in each shape. Apart from what an upstream said (ReadFault), it holds nothing that a person wrote.
//
// Sources: RFC 8259 (JSON), the section on server-sent events of the HTML standard, and the public references of both interfaces.
package wire
