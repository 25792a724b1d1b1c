package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"tekentafel/internal/problem"
)

// argonParams are the costs of argon2id (RFC 9106).
type argonParams struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

const (
	saltSize = 16
	keySize  = 32
)

// present are the costs of new hashes: the second choice of the OWASP password storage cheat sheet, 19 MiB and two passes.
func present() argonParams { return argonParams{memory: 19456, time: 2, threads: 1} }

// most bounds what a stored hash may ask for, so that a row cannot exhaust the memory.
func most() argonParams { return argonParams{memory: 1 << 18, time: 16, threads: 8} }

// errHash says that a stored hash is none.
var errHash = errors.New("a stored hash cannot be read: it is no argon2id PHC string within bounds")

// phc is a hash with its salt and costs.
type phc struct {
	argonParams
	salt, key []byte
}

// String writes the hash as a PHC string.
func (h phc) String() string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads, enc.EncodeToString(h.salt), enc.EncodeToString(h.key))
}

// parsePHC reads what String wrote.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, errHash
	}
	var h phc
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return phc{}, errHash
	}
	var values [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(costs[i], name)
		v, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil || strconv.FormatUint(v, 10) != digits {
			return phc{}, errHash
		}
		values[i] = v
	}
	top := most()
	if values[0] < 8*values[2] || values[0] > uint64(top.memory) || values[1] < 1 || values[1] > uint64(top.time) || values[2] < 1 || values[2] > uint64(top.threads) {
		return phc{}, errHash
	}
	h.memory, h.time, h.threads = uint32(values[0]), uint32(values[1]), uint8(values[2])
	var errSalt, errKey error
	enc := base64.RawStdEncoding.Strict()
	h.salt, errSalt = enc.DecodeString(parts[4])
	h.key, errKey = enc.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 || strings.ContainsAny(parts[4]+parts[5], "\r\n") {
		return phc{}, errHash
	}
	return h, nil
}

// hasher makes and checks hashes, a bounded number at once: each takes 19 MiB, and a flood of sign-ins must not take more.
type hasher struct {
	slots *semaphore.Weighted
	mu    sync.Mutex
	queue int // waiting or at work
	most  int
	decoy func() phc
}

// queuePerSlot is how many wait for each that is at work before more are sent away: a wait of about half a second.
const queuePerSlot = 16

func newHasher() *hasher {
	cores := runtime.GOMAXPROCS(0)
	h := &hasher{slots: semaphore.NewWeighted(int64(cores)), most: cores * (1 + queuePerSlot)}
	h.decoy = sync.OnceValue(func() phc {
		d := phc{argonParams: present(), salt: make([]byte, saltSize), key: make([]byte, keySize)}
		_, _ = rand.Read(d.salt) // never fails (crypto/rand)
		_, _ = rand.Read(d.key)
		return d
	})
	return h
}

// hash returns the PHC string of a secret.
func (h *hasher) hash(ctx context.Context, secret []byte) (string, error) {
	out := phc{argonParams: present(), salt: make([]byte, saltSize)}
	_, _ = rand.Read(out.salt) // never fails (crypto/rand)
	err := h.work(ctx, func() { out.key = out.derive(secret, keySize) })
	return out.String(), err
}

// verify tells whether a secret belongs to a stored hash, and whether the hash should be made anew with the present costs.
// With "" for stored it takes as long and says no.
func (h *hasher) verify(ctx context.Context, stored string, secret []byte) (ok, old bool, err error) {
	want := h.decoy()
	if stored != "" {
		if want, err = parsePHC(stored); err != nil {
			return false, false, err
		}
	}
	err = h.work(ctx, func() {
		ok = subtle.ConstantTimeCompare(want.derive(secret, uint32(len(want.key))), want.key) == 1
	})
	return ok && stored != "" && err == nil, want.argonParams != present(), err
}

func (h phc) derive(secret []byte, size uint32) []byte {
	return argon2.IDKey(secret, h.salt, h.time, h.memory, h.threads, size)
}

// work runs f when a slot is free, or says that too many wait.
func (h *hasher) work(ctx context.Context, f func()) error {
	h.mu.Lock()
	if h.queue >= h.most {
		h.mu.Unlock()
		return say(problem.TooMany, "sign-in-busy").After(5)
	}
	h.queue++
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.queue--
		h.mu.Unlock()
	}()
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer h.slots.Release(1)
	f()
	return nil
}
