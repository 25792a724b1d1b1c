package wire

// Usage is what a call used, in tokens.
type Usage struct {
	Input      int64 // of the request, with what was read from a cache or written to it
	Cached     int64 // of Input, read from a cache
	CacheWrite int64 // of Input, written to a cache
	Output     int64 // of the answer, with thoughts
	Thought    int64 // of Output, thoughts that may not be shown
}

// Seen reports whether anything was counted.
func (u Usage) Seen() bool { return u != Usage{} }

// ReadUsage returns the usage that an answer or an event states, and whether it states one.
func ReadUsage(s Shape, d *Document) (Usage, bool) {
	var u Usage
	return u, u.Take(s, d)
}

// Take adds what an event states to the usage of a stream, and reports whether it states any: the counts in an event replace those before, as
// both interfaces count from the start of the answer.
func (u *Usage) Take(s Shape, d *Document) bool {
	root := d.Root()
	v := root.Get("usage")
	if v.Kind() != Object {
		switch s {
		case Responses:
			v = root.Get("response").Get("usage")
		case Messages:
			v = root.Get("message").Get("usage")
		default:
		}
	}
	if v.Kind() != Object {
		return false
	}
	set := func(to *int64, from Value) {
		if n, ok := from.Int(); ok && n >= 0 {
			*to = n
		}
	}
	switch s {
	case Messages:
		fresh := u.Input - u.Cached - u.CacheWrite
		set(&fresh, v.Get("input_tokens"))
		set(&u.Cached, v.Get("cache_read_input_tokens"))
		set(&u.CacheWrite, v.Get("cache_creation_input_tokens"))
		set(&u.Output, v.Get("output_tokens"))
		u.Input = fresh + u.Cached + u.CacheWrite
	case Responses:
		set(&u.Input, v.Get("input_tokens"))
		set(&u.Output, v.Get("output_tokens"))
		set(&u.Cached, v.Get("input_tokens_details").Get("cached_tokens"))
		set(&u.Thought, v.Get("output_tokens_details").Get("reasoning_tokens"))
	default:
		set(&u.Input, v.Get("prompt_tokens"))
		set(&u.Output, v.Get("completion_tokens"))
		set(&u.Cached, v.Get("prompt_tokens_details").Get("cached_tokens"))
		set(&u.Thought, v.Get("completion_tokens_details").Get("reasoning_tokens"))
	}
	return true
}
