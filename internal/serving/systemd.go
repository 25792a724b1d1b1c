package serving

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// firstSocket is the number of the first socket that systemd passes (sd_listen_fds(3)).
const firstSocket = 3

// passed returns the sockets that systemd opened for this process, by name; those without a name are "public". It takes
// the variables out of the environment, so that no child takes the sockets for its own.
func passed(getenv func(string) string, unset func(string) error, open func(fd int) (net.Listener, error)) (map[string]net.Listener, error) {
	pid, count, names := getenv("LISTEN_PID"), getenv("LISTEN_FDS"), strings.Split(getenv("LISTEN_FDNAMES"), ":")
	if pid != strconv.Itoa(os.Getpid()) {
		return nil, nil //nolint:nilnil // no sockets is the ordinary case
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > 16 {
		return nil, fmt.Errorf("systemd passes %q sockets, which is no number; check the socket unit", count)
	}
	err = errors.Join(unset("LISTEN_PID"), unset("LISTEN_FDS"), unset("LISTEN_FDNAMES"))
	out := map[string]net.Listener{}
	for i := range n {
		l, bad := open(firstSocket + i)
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("the socket %d of systemd is none to listen on: %w; it must be ListenStream=", i+1, bad))
			continue
		}
		name := "public"
		if i < len(names) && names[i] == "internal" {
			name = "internal"
		}
		if other := out[name]; other != nil {
			err = errors.Join(err, fmt.Errorf("systemd passes two sockets for %s; give one FileDescriptorName=internal", name), l.Close())
			continue
		}
		out[name] = l
	}
	return out, err
}

func openSocket(fd int) (net.Listener, error) {
	f := os.NewFile(uintptr(fd), "systemd")
	l, err := net.FileListener(f)
	return l, errors.Join(err, f.Close())
}

// Notify tells systemd of a state, as "READY=1" (sd_notify(3)). Without systemd it does nothing.
func Notify(ctx context.Context, state string) error {
	return notify(ctx, os.Getenv("NOTIFY_SOCKET"), state)
}

func notify(ctx context.Context, socket, state string) error {
	if socket == "" {
		return nil
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "unixgram", socket) // a leading @ is an abstract name
	if err != nil {
		return fmt.Errorf("systemd cannot be told %q: %w", state, err)
	}
	_, err = c.Write([]byte(state))
	return errors.Join(err, c.Close())
}
