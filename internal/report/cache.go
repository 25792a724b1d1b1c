package report

import (
	"container/list"
	"sync"

	"tekentafel/internal/tenant"
)

// cacheBytes bounds what is kept in memory of reports that were read lately.
const cacheBytes = 24 << 20

// cache keeps what was made from Findings, which never change: the Findings, pages and files. What was not used longest
// goes first. Who may read is decided before the cache is asked.
type cache struct {
	mu    sync.Mutex
	most  int
	size  int
	order *list.List // of *cached, the most recently used in front
	byKey map[cacheKey]*list.Element
}

// cacheKey names something made from a report.
type cacheKey struct {
	tenant tenant.ID
	report string
	what   string // "findings", "page/nl", "file/pdf/nl"
}

type cached struct {
	key   cacheKey
	value any
	size  int
}

func newCache(most int) *cache {
	return &cache{most: most, order: list.New(), byKey: map[cacheKey]*list.Element{}}
}

// get returns a value, or nil.
func (c *cache) get(k cacheKey) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[k]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return entry(e).value
}

// put keeps a value of about size bytes, unless it is too large to be worth it.
func (c *cache) put(k cacheKey, value any, size int) {
	if size > c.most/3 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byKey[k]; e != nil {
		c.drop(e)
	}
	c.byKey[k] = c.order.PushFront(&cached{k, value, size})
	for c.size += size; c.size > c.most; {
		c.drop(c.order.Back())
	}
}

// forget drops everything made from a report.
func (c *cache) forget(t tenant.ID, report string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.byKey {
		if k.tenant == t && k.report == report {
			c.drop(e)
		}
	}
}

func (c *cache) drop(e *list.Element) {
	v := entry(e)
	c.order.Remove(e)
	delete(c.byKey, v.key)
	c.size -= v.size
}

func entry(e *list.Element) *cached {
	return e.Value.(*cached) //nolint:forcetypeassert // the list holds nothing else
}
