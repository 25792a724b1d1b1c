package instrument

// Filters returns the IDs of the items and matrix rows whose answers decide who is asked the item, in order of
// appearance in its condition; none when everyone is asked.
func (r *Routing) Filters(item *Item) []string {
	at, ok := r.position[item.ID]
	if !ok || r.conditions[at] == nil {
		return nil
	}
	var ids []string
	for _, ref := range r.conditions[at].references {
		ids = append(ids, ref.name)
	}
	return ids
}
