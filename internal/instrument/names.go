package instrument

// names are the words that a reference may use, in the order in which they stand in the file.
type names struct {
	list []string
	set  map[string]bool
}

func (n *names) add(word string) {
	if n.set == nil {
		n.set = map[string]bool{}
	}
	if word != "" && !n.set[word] {
		n.set[word] = true
		n.list = append(n.list, word)
	}
}
