package intake

import (
	"slices"
)

// spread gives each row what its index stands for, and empty where the page has no value for it (level 0). It returns
// false when there are more or fewer indexes than filled rows, or one points outside values.
func spread[T any](to []T, empty T, indexes []int32, levels []byte, values []T) bool {
	k := 0
	for i := range to {
		if levels != nil && levels[i] != 1 {
			to[i] = empty
			continue
		}
		if k >= len(indexes) || int(uint32(indexes[k])) >= len(values) {
			return false
		}
		to[i] = values[indexes[k]]
		k++
	}
	return k == len(indexes)
}

// spreadSmall does what spread does for ids of one byte, without a branch that depends on what people answered.
func spreadSmall(to []uint8, indexes []int32, levels []byte, ids []uint8) bool {
	var table [256]uint8
	if len(ids) > len(table) {
		return spread(to, 0, indexes, levels, ids)
	}
	copy(table[:], ids)
	largest := uint32(0)
	i, k := 0, 0
	if levels == nil {
		for i, k = 0, len(indexes); i < len(to) && i < len(indexes); i++ {
			largest = max(largest, uint32(indexes[i]))
			to[i] = table[uint8(indexes[i])]
		}
	} else {
		levels = levels[:len(to)]
		for ; i < len(to) && k < len(indexes); i++ {
			index, there := indexes[k], levels[i]&1
			largest = max(largest, uint32(index))
			to[i] = table[uint8(index)] & -there
			k += int(there)
		}
		clear(to[i:])
		if slices.Contains(levels[i:], 1) {
			return false
		}
	}
	return k == len(indexes) && (len(indexes) == 0 || int(largest) < len(ids))
}
