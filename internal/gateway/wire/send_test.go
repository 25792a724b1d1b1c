package wire_test

import (
	"testing"

	"tekentafel/internal/gateway/wire"
)

func TestABodyIsSentInTheDialectOfTheServer(t *testing.T) {
	t.Parallel()
	plain, old, tells := wire.Dialect{}, wire.Dialect{OldLimit: true}, wire.Dialect{OldLimit: true, Tells: true}
	for _, c := range []struct {
		shape      wire.Shape
		in         string
		how        wire.Dialect
		want, what string
	}{
		{wire.Chat, `{ "messages":[{"role":"user","content":"a"}], "x":1.0, "model":"m" }`, plain, `{ "messages":[{"role":"user","content":"a"}], "x":1.0, "model":"far" }`, "only the name changes"},
		{wire.Chat, `{"messages":[{"role":"user"}],"stream":true,"model":"m"}`, plain, `{"stream_options":{"include_usage":true},"messages":[{"role":"user"}],"stream":true,"model":"far"}`, "usage is asked for"},
		{wire.Chat, `{"model":"m","messages":[{"role":"user"}],"stream":true,"stream_options":{}}`, plain, `{"model":"far","messages":[{"role":"user"}],"stream":true,"stream_options":{"include_usage":true}}`, "usage behind the name"},
		{wire.Chat, `{"model":"m","max_tokens":5,"messages":[{"role":"user"}]}`, old, `{"model":"far","max_tokens":5,"messages":[{"role":"user"}]}`, "an old limit stays"},
		{wire.Chat, `{"model":"m","max_completion_tokens":5,"messages":[{"role":"user"}]}`, plain, `{"model":"far","max_completion_tokens":5,"messages":[{"role":"user"}]}`, "a new limit stays"},
		{wire.Chat, `{"max_completion_tokens":5,"model":"m","messages":[{"role":"user"}],"stream":true}`, old, `{"model":"far","messages":[{"role":"user"}],"stream":true,"max_tokens":5,"stream_options":{"include_usage":true}}`, "a new limit under its old key"},
		{wire.Chat, `{"max_completion_tokens":5,"model":"m","max_tokens":9,"messages":[{"role":"user"}]}`, old, `{"model":"far","messages":[{"role":"user"}],"max_tokens":9}`, "of two limits what the request was read with"},
		{wire.Chat, `{"max_completion_tokens":null,"model":"m","messages":[{"role":"user"}]}`, old, `{"model":"far","messages":[{"role":"user"}]}`, "no limit is none"},
		{wire.Chat, `{"model":"m","messages":[{"role":"user"}],"stream":true}`, tells, `{"model":"far","messages":[{"role":"user"}],"stream":true}`, "who tells is not asked"},
		{wire.Chat, `{"model":"m","messages":[{"role":"user"}],"stream":true,"stream_options":{"include_usage":true}}`, tells, `{"model":"far","messages":[{"role":"user"}],"stream":true}`, "the question is taken out"},
		{wire.Messages, `{"model":"m","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"a"}]}`, plain, `{"model":"far","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"a"}]}`, "messages need no question"},
		{wire.Responses, `{"input":"a","model":"m"}`, plain, `{"store":false,"input":"a","model":"far"}`, "a response is not kept"},
		{wire.Responses, `{"input":"a","model":"m","store":null}`, plain, `{"input":"a","model":"far","store":false}`, "null says nothing"},
		{wire.Responses, `{"input":"a","model":"m","store":true}`, plain, `{"input":"a","model":"far","store":true}`, "who wants it kept says so"},
	} {
		r, err := wire.ReadRequest(c.shape, []byte(c.in), wire.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(r.Sent("far", c.how)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}
