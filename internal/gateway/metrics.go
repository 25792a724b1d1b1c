package gateway

import (
	"github.com/prometheus/client_golang/prometheus"

	"tekentafel/internal/gateway/door"
)

// Metrics counts calls for Prometheus, by model of the settings and outcome: no label comes from a caller. A nil one counts nothing.
type Metrics struct {
	calls   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	tokens  *prometheus.CounterVec
	lost    prometheus.Counter
}

// NewMetrics returns metrics; register them as a prometheus.Collector.
func NewMetrics() *Metrics {
	return &Metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tekentafel_gateway_calls_total", Help: "Calls to models that ended, by model and outcome."}, []string{"model", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tekentafel_gateway_call_seconds", Help: "How long calls took to the end of the answer, by model.",
			Buckets: []float64{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300}}, []string{"model"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tekentafel_gateway_tokens_total", Help: "Tokens that models read and wrote, estimates with them."}, []string{"model", "direction"}),
		lost:   prometheus.NewCounter(prometheus.CounterOpts{Name: "tekentafel_gateway_unsettled_total", Help: "Calls whose use could not be counted when they ended."}),
	}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	m.calls.Describe(out)
	m.seconds.Describe(out)
	m.tokens.Describe(out)
	m.lost.Describe(out)
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	m.calls.Collect(out)
	m.seconds.Collect(out)
	m.tokens.Collect(out)
	m.lost.Collect(out)
}

func (m *Metrics) ended(d *door.Done) {
	if m == nil {
		return
	}
	m.calls.WithLabelValues(d.Model, string(d.Outcome)).Inc()
	m.seconds.WithLabelValues(d.Model).Observe(d.Took.Seconds())
	m.tokens.WithLabelValues(d.Model, "read").Add(float64(d.Used.Input + d.Used.Cached + d.Used.CacheWrite))
	m.tokens.WithLabelValues(d.Model, "written").Add(float64(d.Used.Output))
}

func (m *Metrics) unsettled() {
	if m != nil {
		m.lost.Inc()
	}
}
