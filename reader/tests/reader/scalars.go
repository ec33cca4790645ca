// Rewrites the second column of scalars.tsv with what sigs.k8s.io/yaml makes of the first. On Debian:
//
//	apt-get install golang-go golang-k8s-sigs-yaml-dev
//	GO111MODULE=off GOPATH=/usr/share/gocode go run scalars.go
package main

import (
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	table, err := os.ReadFile("scalars.tsv")
	if err != nil {
		panic(err)
	}
	var out strings.Builder
	for _, row := range strings.Split(strings.TrimSuffix(string(table), "\n"), "\n") {
		text, _, _ := strings.Cut(row, "\t")
		json, err := yaml.YAMLToJSON([]byte(strings.ReplaceAll(text, "\\n", "\n")))
		if err != nil {
			json = []byte("error")
		}
		out.WriteString(text + "\t" + string(json) + "\n")
	}
	if err := os.WriteFile("scalars.tsv", []byte(out.String()), 0o644); err != nil {
		panic(err)
	}
}
