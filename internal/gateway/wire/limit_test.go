package wire

import "testing"

func TestARequestWithoutALimitOfItsAnswerGetsOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shape    Shape
		in, want string
	}{
		{Chat, `{"model":"m","messages":[{"role":"user","content":"a"}]}`, `{"max_completion_tokens":7,"model":"m","messages":[{"role":"user","content":"a"}]}`},
		{Chat, ` { "model":"m","max_tokens":3,"messages":[{"role":"user","content":"a"}]}`, ` { "model":"m","max_tokens":3,"messages":[{"role":"user","content":"a"}]}`},
		{Chat, `{"max_completion_tokens":null,"model":"m","messages":[{"role":"user","content":"a"}]}`, `{"max_completion_tokens":7,"model":"m","messages":[{"role":"user","content":"a"}]}`},
		{Messages, `{"model":"m","messages":[{"role":"user","content":"a"}]}`, `{"max_tokens":7,"model":"m","messages":[{"role":"user","content":"a"}]}`},
		{Responses, `{"model":"m","input":"a"}`, `{"max_output_tokens":7,"model":"m","input":"a"}`},
		{Embeddings, `{"model":"m","input":"a"}`, `{"model":"m","input":"a"}`},
	} {
		r, err := ReadRequest(c.shape, []byte(c.in), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := r.WithMaxOutput(7)
		if string(got) != c.want {
			t.Errorf("%s becomes %s", c.in, got)
		}
		if again, err := ReadRequest(c.shape, got, Limits{}); err != nil || c.shape != Embeddings && again.MaxOutput == 0 {
			t.Errorf("%s: %v", got, err)
		}
	}
}

func TestATextTellsWhetherItStandsWithinTheTurns(t *testing.T) {
	t.Parallel()
	r, err := ReadRequest(Chat, []byte(`{"metadata":{"a":"beside"},"model":"m","messages":[{"role":"user","content":"within"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"within\":\"within\"}"}}]}],"user":"beside me"}`), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	turns, n := r.Doc.Root().Get("messages"), 0
	r.Texts(func(x Text) bool {
		n++
		if x.Content != "a" && x.Within(turns) != (x.Content == "within") || x.Within(Value{}) {
			t.Errorf("%s: %q", x.Field(), x.Content)
		}
		return true
	})
	if n < 5 {
		t.Errorf("%d texts", n)
	}
}

func TestOneModelIsWrittenAsInTheList(t *testing.T) {
	t.Parallel()
	day := func(int64) string { return "1970-01-01T00:00:00Z" }
	m := Model{ID: `a"b`, Owner: "o"}
	one := AppendModel(nil, m, day)
	if list, want := AppendModels(nil, []Model{m, m}, day), `{"object":"list","data":[`+string(one)+","+string(one)+`]`; len(list) < len(want) || string(list[:len(want)]) != want {
		t.Errorf("%s", list)
	}
}
