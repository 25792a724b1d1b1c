package intake

import "tekentafel/internal/instrument"

// trim leaves out the dropped rows.
func (c *coder) trim(column *instrument.Column) *instrument.Column {
	if len(c.dropped) > 0 {
		column.Narrow, column.Wide = kept(column.Narrow, c.dropped), kept(column.Wide, c.dropped)
	}
	return column
}

// kept returns list without the dropped rows, in place.
func kept[T any](list []T, dropped []int) []T {
	if len(dropped) == 0 || list == nil {
		return list
	}
	to := dropped[0]
	for i, d := range dropped {
		end := len(list)
		if i+1 < len(dropped) {
			end = dropped[i+1]
		}
		to += copy(list[to:], list[d+1:end])
	}
	return list[:to]
}

// translate gives each row the code of its id. A column that nobody else reads is overwritten.
func translate(raw *rawColumn, rows int, codes []uint16, k int) *instrument.Column {
	out := &instrument.Column{K: k}
	if k > 1<<8 {
		out.Wide = make([]uint16, rows)
		raw.each(func(first int, p part) {
			to := out.Wide[first:]
			for i, id := range p.u8 {
				to[i] = codes[id]
			}
			for i, id := range p.u16 {
				to[i] = codes[id]
			}
			for i, id := range p.u32 {
				to[i] = codes[id]
			}
		})
		return out
	}
	var small [256]uint8
	for id, code := range codes[:min(len(codes), 256)] {
		small[id] = uint8(code)
	}
	if raw.whole != nil && raw.uses == 1 {
		out.Narrow = raw.whole
		for i, id := range out.Narrow {
			out.Narrow[i] = small[id]
		}
		raw.whole, raw.parts = nil, nil
		return out
	}
	out.Narrow = make([]uint8, rows)
	raw.each(func(first int, p part) {
		to := out.Narrow[first:]
		for i, id := range p.u8 {
			to[i] = small[id]
		}
		for i, id := range p.u16 {
			to[i] = uint8(codes[id])
		}
		for i, id := range p.u32 {
			to[i] = uint8(codes[id])
		}
	})
	if raw.uses == 1 {
		raw.parts = nil
	}
	return out
}
