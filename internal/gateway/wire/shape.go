package wire

// Shape says to which interface a body belongs.
type Shape uint8

// The shapes. Chat is POST /v1/chat/completions, Responses is POST /v1/responses, Embeddings is POST /v1/embeddings and Models is
// GET /v1/models, all of OpenAI; Messages is POST /v1/messages of Anthropic.
const (
	Chat Shape = iota
	Responses
	Embeddings
	Models
	Messages
)

// String returns the name of the shape in messages to programmers.
func (s Shape) String() string {
	switch s {
	case Chat:
		return "chat completions"
	case Responses:
		return "responses"
	case Embeddings:
		return "embeddings"
	case Models:
		return "models"
	case Messages:
		return "messages"
	default:
		return "unknown"
	}
}
