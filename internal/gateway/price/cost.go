package price

// Usage is what a call used, in tokens that are each counted once. OpenAI's prompt_tokens include those from the cache, Anthropic's
// input_tokens do not: whoever reads an answer takes them apart. Tokens of reasoning are output.
type Usage struct {
	Input      int64 // read anew
	Cached     int64 // read from the provider's cache
	CacheWrite int64 // read anew and put in the provider's cache
	Output     int64
}

// Tokens returns all tokens, which is what a limit in tokens counts.
func (u Usage) Tokens() int64 {
	return max(0, u.Input) + max(0, u.Cached) + max(0, u.CacheWrite) + max(0, u.Output)
}

// Rates are the prices of a model.
type Rates struct {
	Input, Cached, CacheWrite, Output Rate
}

// Cost returns what the usage costs, rounded up to a nano-euro.
func (r Rates) Cost(u Usage) Nano {
	return pico{}.add(u.Input, r.Input).add(u.Cached, r.Cached).add(u.CacheWrite, r.CacheWrite).add(u.Output, r.Output).nano()
}

// Most returns what a call costs at most that reads at most input tokens and writes at most output tokens, whatever the provider's
// cache does. No usage within those bounds costs more.
func (r Rates) Most(input, output int64) Nano {
	return pico{}.add(input, max(r.Input, r.Cached, r.CacheWrite)).add(output, r.Output).nano()
}
