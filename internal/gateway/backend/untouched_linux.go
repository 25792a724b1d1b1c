package backend

import (
	"net"

	"golang.org/x/sys/unix"
)

// confirmed returns how many bytes the other side has confirmed (tcpi_bytes_acked, RFC 4898 tcpEStatsAppHCThruOctetsAcked, which counts the SYN too), and whether
// the kernel says.
//
// The mark that ends a connection (FIN) carries the confirmation of all that the other side's kernel had received when its program closed. Bytes that are
// not confirmed by then come to a closed connection, and no program reads them. A reset carries no confirmation, so after one nothing is known.
func confirmed(c net.Conn) (uint64, bool) {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return 0, false
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return 0, false
	}
	var info *unix.TCPInfo
	var failed error
	if err := raw.Control(func(fd uintptr) { info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) }); err != nil || failed != nil {
		return 0, false
	}
	return info.Bytes_acked, true
}
