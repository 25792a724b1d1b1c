package instrument

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// blockRows is the number of rows worked on at a time: the columns of one block stay in the processor's cache.
const blockRows = 1 << 12

// eachBlock calls newWorker once per worker and the functions that it returns for all blocks of n rows, in parallel.
// A block is worked on by one worker; blocks come in no fixed order.
func eachBlock(n int, newWorker func() func(from, to int)) {
	blocks := (n + blockRows - 1) / blockRows
	workers := min(runtime.GOMAXPROCS(0), blocks)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		work := newWorker()
		wg.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				work(b*blockRows, min(n, (b+1)*blockRows))
			}
		})
	}
	wg.Wait()
}
