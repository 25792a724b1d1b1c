package pool

// PluginOnly is a fit whose errors take the variances of the terms as known.
func PluginOnly(f *Fit) *Fit {
	out := *f
	out.wide = f.point
	out.hyper = make([]float64, len(f.hyper))
	return &out
}
