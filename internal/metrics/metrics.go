// Package metrics counts what the program does, for Prometheus, and says whether it lives and is ready. Its pages belong on
// an address that visitors do not reach. They name routes, never paths, and no person or organisation.
package metrics

import (
	"context"
	"database/sql"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the registry of the program and the observer of its requests. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// Count returns how many of something there are now.
type Count func(ctx context.Context) (float64, error)

// countFor bounds how long counting may hold up whoever asks for the metrics.
const countFor = 2 * time.Second

// New returns metrics of the program's build, the Go runtime, the process and its requests.
func New(version string, engine string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tekentafel_request_seconds", Help: "How long requests took, by route, method and class of status.",
		Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60},
	}, []string{"route", "method", "status"})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tekentafel_build_info", Help: "1, with the version of the program and the engine of its store.",
		ConstLabels: prometheus.Labels{"version": version, "engine": engine},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// methods that are counted by name; others are "other", so that nobody fills memory with words of their own.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// Answered implements web.Observer.
func (m *Metrics) Answered(pattern, method string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.requests.WithLabelValues(pattern, method, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Add adds figures that a feature keeps itself. Their labels name what settings name, never what a visitor sent.
func (m *Metrics) Add(c prometheus.Collector) error { return m.registry.Register(c) }

// Gauge adds a number that is counted when somebody asks, such as the jobs that wait. When counting fails the number is
// left out, and tekentafel_count_failed for it is 1.
func (m *Metrics) Gauge(name, help string, count Count) error {
	return m.counted(prometheus.GaugeValue, name, help, count)
}

// Counter adds a number that only grows while the program runs, as Gauge does. Its name ends in _total.
func (m *Metrics) Counter(name, help string, count Count) error {
	return m.counted(prometheus.CounterValue, name, help, count)
}

func (m *Metrics) counted(kind prometheus.ValueType, name, help string, count Count) error {
	return m.registry.Register(&counted{
		kind:   kind,
		count:  count,
		value:  prometheus.NewDesc("tekentafel_"+name, help, nil, nil),
		failed: prometheus.NewDesc("tekentafel_count_failed", "1 when a number could not be counted.", nil, prometheus.Labels{"of": name}),
	})
}

// Pool adds the state of a pool of database connections, under its name.
func (m *Metrics) Pool(name string, stats func() sql.DBStats) error {
	return m.registry.Register(&pool{name: name, stats: stats})
}

// Handler answers with all metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

type counted struct {
	kind          prometheus.ValueType
	count         Count
	value, failed *prometheus.Desc
}

func (c *counted) Describe(out chan<- *prometheus.Desc) { out <- c.value; out <- c.failed }

func (c *counted) Collect(out chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), countFor)
	defer stop()
	v, err := c.count(ctx)
	failed := 1.0
	if err == nil {
		failed = 0
		out <- prometheus.MustNewConstMetric(c.value, c.kind, v)
	}
	out <- prometheus.MustNewConstMetric(c.failed, prometheus.GaugeValue, failed)
}

type pool struct {
	name  string
	stats func() sql.DBStats
}

var (
	connections = prometheus.NewDesc("tekentafel_database_connections", "Connections to the database.", []string{"pool", "state"}, nil)
	limit       = prometheus.NewDesc("tekentafel_database_connections_limit", "Most connections to the database at a time.", []string{"pool"}, nil)
	waits       = prometheus.NewDesc("tekentafel_database_waits_total", "How often somebody waited for a connection.", []string{"pool"}, nil)
	waited      = prometheus.NewDesc("tekentafel_database_wait_seconds_total", "How long they waited together.", []string{"pool"}, nil)
)

// Describe sends nothing: several pools share their descriptions, so the registry checks what Collect sends.
func (p *pool) Describe(chan<- *prometheus.Desc) {}

func (p *pool) Collect(out chan<- prometheus.Metric) {
	s := p.stats()
	out <- prometheus.MustNewConstMetric(connections, prometheus.GaugeValue, float64(s.InUse), p.name, "used")
	out <- prometheus.MustNewConstMetric(connections, prometheus.GaugeValue, float64(s.Idle), p.name, "idle")
	out <- prometheus.MustNewConstMetric(limit, prometheus.GaugeValue, float64(s.MaxOpenConnections), p.name)
	out <- prometheus.MustNewConstMetric(waits, prometheus.CounterValue, float64(s.WaitCount), p.name)
	out <- prometheus.MustNewConstMetric(waited, prometheus.CounterValue, s.WaitDuration.Seconds(), p.name)
}
