package backend_test

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"tekentafel/internal/gateway/backend"
)

func TestTheExampleInTheManualCanBeUsed(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../../docs/gateway.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(manual), "## Backends and models")
	_, after, _ = strings.Cut(after, "```yaml\n")
	example, _, ok := strings.Cut(after, "```\n")
	if !ok {
		t.Fatal("the manual has no example")
	}
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	s, err := backend.Parse("example", []byte(example), func(string) (string, bool) { return "k", true }, func(name string) ([]byte, error) {
		if strings.HasSuffix(name, ".pem") {
			return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), nil
		}
		return []byte("k"), nil
	})
	if err != nil || len(s.Models) != 3 || len(s.Backends) != 5 {
		t.Fatal(err)
	}
	if _, err := backend.New(s, backend.Parts{}); err != nil {
		t.Error(err)
	}
}
