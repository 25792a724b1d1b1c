package intake

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
)

// Propose writes down how the file at path would be read: the columns that were recognised, and as comments the
// headings that look like a question, the spellings that look like one, and the cells that were not understood. Result
// is what Read gives, or nil when no column was recognised. A mapping in opt is built on.
func Propose(ctx context.Context, path string, in *instrument.Instrument, opt Options) (*Mapping, *Result, error) {
	opt.Limits = opt.Limits.orDefault()
	file, size, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close() //nolint:errcheck // only read from
	f, err := opt.input(path, file, size)
	if err != nil {
		return nil, nil, err
	}
	if f.isSnapshot() {
		return nil, nil, &Error{
			Kind: KindFormat, File: path, Message: "a snapshot needs no mapping: its cells have been understood",
			Mend: "propose a mapping for the original answers",
		}
	}
	src, p, err := f.plan(ctx, in, opt)
	if err != nil {
		return nil, nil, err
	}
	m := *f.mapping
	m.Columns = map[string]string{}
	for i, column := range p.column {
		if column != none {
			m.Columns[p.variables[i].ID] = p.headings[column]
		}
	}
	for item, column := range p.cell {
		m.Columns[item] = p.headings[column]
	}
	for _, a := range p.absent {
		m.Columns[a.item+"."+a.option.ID] = p.headings[a.column]
	}
	m.notes = notes{
		file: filepath.Base(path), instrument: in.ID, near: p.near(in), unread: p.unread, missing: p.missing,
	}
	if !p.serves() {
		return &m, nil, nil
	}
	res, err := readTable(ctx, f, src, p, in, opt)
	var e *Error
	if errors.As(err, &e) && e.Kind == KindEmpty {
		return &m, nil, nil // headings alone are enough for a mapping
	}
	if err != nil {
		return nil, nil, err
	}
	m.notes.merges = res.Proposals
	m.notes.values = distinctValues(res.Issues)
	return &m, res, nil
}

// distinctValues keeps the first issue of each cell in a column that the mapping could translate.
func distinctValues(list []Issue) []Issue {
	seen := map[[2]string]bool{}
	var kept []Issue
	for _, i := range list {
		key := [2]string{i.Column, i.Value}
		if i.Item == "" || seen[key] || i.Message == contradictory || strings.HasSuffix(i.Value, cutMark) || i.Value == formulaShown {
			continue
		}
		seen[key] = true
		kept = append(kept, i)
	}
	return kept
}

// near proposes for each variable without a column the unread heading that looks most like one of its names.
func (p *plan) near(in *instrument.Instrument) []nearColumn {
	var list []nearColumn
	done, taken := map[string]bool{}, map[string]bool{} // targets, headings
	for _, t := range targets(in.Variables()) {
		if !slices.Contains(p.missing, t.id) || done[t.id] {
			continue
		}
		best, heading := 0, ""
		for _, h := range p.unread {
			if taken[h] {
				continue
			}
			if score := resemblance(h, t); score > best {
				best, heading = score, h
			}
		}
		if heading != "" {
			taken[heading], done[t.id] = true, true
			list = append(list, nearColumn{t.id, heading})
		}
	}
	return list
}

// resemblance is higher the more a heading looks like a name of the target: 0 for not at all.
func resemblance(heading string, t target) int {
	key := lettersOnly(heading)
	best := 0
	for _, rank := range t.ranks {
		for _, name := range rank {
			other := lettersOnly(name)
			if key == "" || other == "" {
				continue
			}
			most := max(1, min(len([]rune(key)), len([]rune(other)))/4)
			if d := distance(key, other, most); d <= most {
				best = max(best, 100-d)
			}
		}
	}
	return best
}
