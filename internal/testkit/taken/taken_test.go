package taken

import (
	"os"
	"strconv"
	"testing"
	"time"
)

func TestWhatThisProcessTakesIsTold(t *testing.T) {
	t.Parallel()
	held := make([]byte, 40<<20)
	for i := range held {
		held[i] = byte(i)
	}
	now, err := Resident(os.Getpid())
	if err != nil || now < 40<<20 {
		t.Errorf("%d bytes, %v", now, err)
	}
	if most, err := Peak(os.Getpid()); err != nil || most < now {
		t.Errorf("at most %d bytes, and now %d: %v", most, now, err)
	}
	sum, before := 0, CPU(os.Getpid())
	for deadline := time.Now().Add(10 * time.Second); CPU(os.Getpid())-before < 50*time.Millisecond; {
		if time.Now().After(deadline) {
			t.Fatal("no processor time is told")
		}
		for i := range held {
			sum += int(held[i])
		}
	}
	if load, err := strconv.ParseFloat(Load(), 64); err != nil || load < 0 || sum == 0 {
		t.Errorf("load %q", Load())
	}
}

func TestOfAProcessThatIsGoneNothingIsTold(t *testing.T) {
	t.Parallel()
	const nobody = 1 << 30
	if _, err := Resident(nobody); err == nil {
		t.Error("memory of nobody")
	}
	if CPU(nobody) != 0 {
		t.Error("time of nobody")
	}
}
