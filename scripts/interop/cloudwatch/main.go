// The StatsD input of the CloudWatch agent, which does not run without an account: what it would hand to the agent's
// output each second is written as JSON instead. Built inside the agent's source tree.
package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/influxdata/telegraf"

	"github.com/aws/amazon-cloudwatch-agent/metric/distribution"
	"github.com/aws/amazon-cloudwatch-agent/metric/distribution/regular"
	"github.com/aws/amazon-cloudwatch-agent/plugins/inputs/statsd"
)

type printer struct {
	telegraf.Accumulator
	out *json.Encoder
}

type timing struct {
	Count, Sum, Min, Max float64
	Values, Counts       []float64
}

func (p printer) print(name string, fields map[string]interface{}, tags map[string]string) {
	_ = p.out.Encode(map[string]interface{}{"name": name, "fields": fields, "tags": tags})
}

func (p printer) AddFields(name string, fields map[string]interface{}, tags map[string]string, _ ...time.Time) {
	p.print(name, fields, tags)
}

func (p printer) AddHistogram(name string, fields map[string]interface{}, tags map[string]string, _ ...time.Time) {
	shown := map[string]interface{}{}
	for key, field := range fields {
		if d, ok := field.(distribution.ClassicDistribution); ok {
			values, counts := d.ValuesAndCounts()
			shown[key] = timing{d.SampleCount(), d.Sum(), d.Minimum(), d.Maximum(), values, counts}
		}
	}
	p.print(name, shown, tags)
}

func main() {
	distribution.NewClassicDistribution = regular.NewRegularDistribution
	input := &statsd.Statsd{
		ServiceAddress:         os.Args[1],
		MetricSeparator:        "_",
		AllowedPendingMessages: 10000,
		DeleteCounters:         true,
		DeleteGauges:           true,
		DeleteSets:             true,
		DeleteTimings:          true,
	}
	out := printer{out: json.NewEncoder(os.Stdout)}
	if err := input.Start(out); err != nil {
		panic(err)
	}
	for range time.Tick(time.Second) {
		if err := input.Gather(out); err != nil {
			panic(err)
		}
	}
}
