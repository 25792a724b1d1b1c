package report

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/tenant"
)

// TestCacheDoesAsAListWouldDo compares the cache with a list, newest first, that is searched from the front.
func TestCacheDoesAsAListWouldDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(0, 60).Draw(t, "most")
		c := newCache(most)
		var model []cached
		at := func(k cacheKey) int { return slices.IndexFunc(model, func(e cached) bool { return e.key == k }) }
		key := func(t *rapid.T) cacheKey {
			return cacheKey{rapid.SampledFrom([]tenant.ID{"a", "b"}).Draw(t, "tenant"), rapid.SampledFrom([]string{"1", "2"}).Draw(t, "report"),
				rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "what")}
		}
		value := 0
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				k, size := key(t), rapid.IntRange(0, 25).Draw(t, "size")
				value++
				c.put(k, value, size)
				if size > most/3 {
					return
				}
				if i := at(k); i >= 0 {
					model = slices.Delete(model, i, i+1)
				}
				model = slices.Insert(model, 0, cached{k, value, size})
				for total(model) > most {
					model = model[:len(model)-1]
				}
			},
			"get": func(t *rapid.T) {
				k := key(t)
				got, i := c.get(k), at(k)
				if i < 0 {
					if got != nil {
						t.Fatalf("%v is %v, and was dropped", k, got)
					}
					return
				}
				e := model[i]
				if got != e.value {
					t.Fatalf("%v is %v, want %v", k, got, e.value)
				}
				model = slices.Insert(slices.Delete(model, i, i+1), 0, e)
			},
			"forget": func(t *rapid.T) {
				k := key(t)
				c.forget(k.tenant, k.report)
				model = slices.DeleteFunc(model, func(e cached) bool { return e.key.tenant == k.tenant && e.key.report == k.report })
			},
			"": func(t *rapid.T) {
				if c.size != total(model) || c.size > most || c.order.Len() != len(model) || len(c.byKey) != len(model) {
					t.Fatalf("%d bytes in %d values by %d keys of at most %d, want %d in %d", c.size, c.order.Len(), len(c.byKey), most, total(model), len(model))
				}
				e := c.order.Front()
				for _, want := range model {
					if got := entry(e); *got != want {
						t.Fatalf("%v stands where %v should", got, want)
					}
					e = e.Next()
				}
			},
		})
	})
}

func total(list []cached) (n int) {
	for _, e := range list {
		n += e.size
	}
	return n
}

func TestCacheStaysWithinItsBoundUnderMany(t *testing.T) {
	t.Parallel()
	c := newCache(1000)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 2000 {
				k := cacheKey{"t", fmt.Sprint(i % 7), fmt.Sprint(i % 11)}
				switch {
				case i%50 == 0:
					c.forget("t", k.report)
				case (i+worker)%3 == 0:
					c.put(k, k, i%300)
				default:
					if got := c.get(k); got != nil && got != k {
						t.Errorf("%v holds %v", k, got)
					}
				}
			}
		})
	}
	all.Wait()
	sum := 0
	for e := c.order.Front(); e != nil; e = e.Next() {
		sum += entry(e).size
	}
	if sum != c.size || c.size > c.most || len(c.byKey) != c.order.Len() {
		t.Errorf("%d bytes are kept, %d counted, %d at most", sum, c.size, c.most)
	}
}
