package linkage

import "context"

// CandidatePairs returns the pairs that the passes find, for tests of blocking.
func CandidatePairs(ctx context.Context, rows int, c comparer) (map[[2]int]bool, error) {
	all, _, _, err := block(ctx, rows, c.passes(), func(int, int) {})
	pairs := make(map[[2]int]bool, all.len())
	for i := range all.len() {
		a, b := all.pair(i)
		pairs[[2]int{a, b}] = true
	}
	return pairs, err
}

// ReadTitles takes titles apart as Titles does.
func ReadTitles(titles []Title) (*titleRows, error) {
	words, err := BuiltinWords()
	if err != nil {
		return nil, err
	}
	t, _ := readTitles(titles, words, &Options{})
	return t, nil
}

// ReadPeople reads people as People does.
func ReadPeople(ctx context.Context, people []Person) (*personRows, error) {
	return readPeople(ctx, people)
}
