package guard

// Action is what becomes of a finding.
type Action uint8

// The actions, from nothing to the strictest.
const (
	Ignore Action = iota
	Warn          // show it to the person and let it go
	Mask          // put a placeholder in its place
	Block         // do not send the text
)

// String names the action as settings and interfaces do.
func (a Action) String() string {
	switch a {
	case Warn:
		return "warn"
	case Mask:
		return "mask"
	case Block:
		return "block"
	case Ignore:
	}
	return "ignore"
}

// Policy says for each type what becomes of it. A type that it does not name is ignored.
type Policy map[Type]Action

// DefaultPolicy masks what identifies somebody, blocks secrets, and warns for numbers of companies and for words about health, social services and
// justice, which cannot be replaced without changing what is asked.
func DefaultPolicy() Policy {
	p := Policy{}
	for _, t := range Types() {
		p[t] = Mask
	}
	p[Secret], p[Password] = Block, Block
	p[Company], p[Health], p[SocialServices], p[Justice] = Warn, Warn, Warn, Warn
	return p
}

// Action returns what becomes of a finding. A category is never masked: Mask warns there.
func (p Policy) Action(f Finding) Action {
	if f.Type == placeholderAlike {
		return Mask
	}
	a := p[f.Type]
	if a == Mask && f.Type.Category() {
		return Warn
	}
	return a
}

// Strictest returns the strictest action among findings, Ignore for none.
func (p Policy) Strictest(list []Finding) Action {
	a := Ignore
	for _, f := range list {
		a = max(a, p.Action(f))
	}
	return a
}
