package outbound_test

import (
	"net/netip"
	"testing"

	"tekentafel/internal/outbound"
)

func TestOnlyAddressesOfThePublicInternetArePublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"8.8.8.8": true, "193.191.245.1": true, "2a02:1802::1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"64:ff9b::8.8.8.8": true,

		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.255.254": false, "10.1.2.3": false, "172.16.0.1": false,
		"172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false, "169.254.170.2": false, "100.64.0.1": false,
		"100.100.100.200": false, "100.127.255.255": false, "192.0.0.192": false, "192.0.2.1": false, "198.51.100.7": false,
		"203.0.113.9": false, "198.18.0.1": false, "198.19.255.255": false, "192.88.99.1": false, "224.0.0.1": false,
		"239.255.255.250": false, "240.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,

		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "2001:db8::1": false, "3fff::1": false, "2002:7f00:1::": false, "2001::1": false, "100::1": false,
		"::127.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::a00:1": false, "5f00::1": false,
	} {
		if got := outbound.Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public = %v, want %v", text, got, want)
		}
	}
	if outbound.Public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

// FuzzPublic holds that no way to write an address makes an inner one public, against what the standard library knows.
func FuzzPublic(f *testing.F) {
	for _, s := range []string{"127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1%1", "8.8.8.8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := netip.ParseAddr(s)
		if err != nil || !outbound.Public(a) {
			return
		}
		tests := []netip.Addr{a.Unmap().WithZone("")}
		if b := a.As16(); netip.MustParsePrefix("64:ff9b::/96").Contains(a.WithZone("")) {
			tests = append(tests, netip.AddrFrom4([4]byte(b[12:])))
		}
		for _, x := range tests {
			if x.IsPrivate() || x.IsLoopback() || x.IsLinkLocalUnicast() || x.IsMulticast() || x.IsUnspecified() {
				t.Fatalf("%s is public, yet it is %s", s, x)
			}
		}
	})
}
