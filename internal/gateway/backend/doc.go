// Package backend sends requests to the servers on which models run, and brings their answers back.
//
// Words:
//   - Backend: a server with models, of a kind (OpenAI, vLLM ...). Only the settings of the operator name backends; nothing that anyone asks does.
//   - Model: what programs and people ask for. Route: a backend and the name that the model has there. Routes are tried in their order; those
//     next to each other that have a weight share the work by it.
//   - Try: one request to one backend. Rest: a backend that failed is passed over for a while, in favour of the next; without a next one, only when it is full or cannot be reached.
//
// # What is tried again, and what is not
//
// An answer costs money and may have begun something, so a request is sent a second time only when the first certainly did nothing:
//
//	what happened                                                     another try   Maybe  Reason
//	no name, no connection, no TLS, no connection in time             yes           no     unreachable
//	the server had closed the connection before any of it came there  yes           no     unreachable
//	429, 503 or 529 instead of an answer                              yes           no     busy
//	401, 402 or 403 instead of an answer                              next backend  no     credentials
//	404 instead of an answer: it does not have the model              next backend  no     broken
//	417: it does not say when it reads a body (below)                 yes           no     broken
//	a redirect                                                        next backend  no     broken
//	another 4xx: the request is refused                               no            no     refusal
//	500 and the other 5xx                                             no            yes    broken
//	closed after some of the request was received, before an answer   no            yes    severed
//	no first byte in time                                             no            yes    slow
//	the answer is not what was agreed, or too long                    no            yes    broken
//	the answer broke off                                              no            yes    severed
//	no next byte in time                                              no            yes    slow
//	an error within a stream                                          no            yes    by its type
//
// A server closes a connection that was idle for a while, and now and then a request is on its way at that moment. The request is lost, although
// nothing is wrong; nobody may send it again without knowing that it was never read. The kernel knows: what the other side's kernel received it has
// confirmed at the latest with the mark that ends the connection. When that came and nothing of the request was confirmed, no program can have read any of
// it, and it is sent again (untouched_linux.go). Where the kernel cannot be asked it is not, and the error says Maybe.
//
// The other half of that moment the kernel cannot tell: it had received the request, and the program closed without having read it. For this a request on a connection
// that was used before asks to be told when it is read (Expect: 100-continue, RFC 9110, 10.1.1), and a server that closes instead has headers and no question. That costs
// a way to and fro, so it is done only with a server of which it is not known that it leaves connections open (manners.go).
//
// net/http replays by itself what it had not begun to write, and over HTTP/2 what the server says that it did not process (RFC 9113, 8.7); it has the
// body at hand for that. It replays a POST after anything else only with a header Idempotency-Key, which no request has and the settings cannot add.
//
// # What goes over the line
//
// When a backend speaks the shape of a request, its bytes pass as they came, but for the name of the model and the question for usage; else wire
// converts request and answer. So a streamed chat completion ends with its usage even when the program did not ask; whoever passes it on can leave that out.
// Nothing of the headers of whoever asked goes to a backend.
package backend
