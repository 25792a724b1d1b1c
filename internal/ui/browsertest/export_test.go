package browsertest

import "time"

// SetLimit bounds each step from here on.
func (p *Page) SetLimit(d time.Duration) { p.limit = d }
