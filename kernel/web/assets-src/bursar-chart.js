// Draws the charts of a page. The figures come as data and as a table; the table stays for whoever cannot see the drawing.
(function () {
  "use strict";
  var charts = [];
  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  // The colours of several things at once: the tenant's two first, then hues that differ from each other in grey too.
  function palette() { return [token("--brand-ink"), token("--accent"), "#d97706", "#9333ea", "#0891b2", "#be185d", "#65a30d"]; }
  function amounts(data) {
    var form = new Intl.NumberFormat(document.documentElement.lang, data.currency
      ? { style: "currency", currency: data.currency } : {});
    var unit = Math.pow(10, data.exponent || 0);
    return function (value) { return value === null || value === undefined ? "–" : form.format(value / unit); };
  }
  function axis(extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: token("--line-2") } }, axisTick: { show: false },
      axisLabel: { color: token("--ink-2"), fontFamily: "inherit" }, splitLine: { lineStyle: { color: token("--line") } }
    }, extra);
  }
  // Tooltips are drawn and not built as elements: the page's policy allows no styles that a script writes into markup.
  function tooltip(format, trigger) {
    return {
      trigger: trigger, renderMode: "richText", valueFormatter: format, backgroundColor: token("--panel"),
      borderColor: token("--line-2"), textStyle: { color: token("--ink"), fontSize: 13 }
    };
  }
  function series(data, spark, colours) {
    return data.series.map(function (one, index) {
      var colour = colours[index % colours.length];
      return {
        type: data.kind === "bar" ? "bar" : "line", name: one.name, data: one.values, stack: data.stacked ? "all" : undefined,
        symbol: "none", smooth: 0.25, barMaxWidth: 28, itemStyle: { color: colour, borderRadius: data.stacked ? 0 : [3, 3, 0, 0] },
        lineStyle: { width: spark ? 1.5 : 2, color: colour }, areaStyle: data.kind === "area" || spark ? { color: colour, opacity: 0.12 } : undefined
      };
    });
  }
  function options(data, spark) {
    var format = amounts(data), colours = palette(), rtl = document.documentElement.dir === "rtl";
    var shared = { color: colours, animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } };
    if (data.kind === "partition") {
      return Object.assign(shared, {
        tooltip: tooltip(format, "item"),
        legend: { orient: "vertical", top: "middle", right: rtl ? undefined : 0, left: rtl ? 0 : undefined, icon: "circle", textStyle: { color: token("--ink") } },
        series: [{
          type: "pie", radius: ["58%", "84%"], center: [rtl ? "70%" : "30%", "50%"], label: { show: false },
          itemStyle: { borderColor: token("--panel"), borderWidth: 2 },
          data: data.labels.map(function (label, index) { return { name: label, value: data.series[0].values[index] }; })
        }]
      });
    }
    return Object.assign(shared, {
      tooltip: tooltip(format, "axis"),
      legend: { show: !spark && data.series.length > 1, top: 0, left: rtl ? undefined : 0, right: rtl ? 0 : undefined, icon: "roundRect", textStyle: { color: token("--ink") } },
      grid: spark ? { left: 0, right: 0, top: 2, bottom: 2 } : { left: 4, right: 4, top: data.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
      xAxis: axis({ type: "category", data: data.labels, show: !spark, inverse: rtl, boundaryGap: data.kind === "bar", splitLine: { show: false } }),
      yAxis: axis({ type: "value", show: !spark, position: rtl ? "right" : "left", axisLabel: { color: token("--ink-2"), formatter: format } }),
      series: series(data, spark, colours)
    });
  }
  function draw(place) {
    var data = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    var canvas = place.querySelector(".chart-canvas"), spark = place.classList.contains("spark");
    var chart = echarts.init(canvas, null, { renderer: "svg" });
    chart.setOption(options(data, spark));
    charts.push({ chart: chart, data: data, spark: spark });
  }
  document.querySelectorAll(".chart").forEach(draw);
  new ResizeObserver(function () { charts.forEach(function (one) { one.chart.resize(); }); }).observe(document.body);
  // Light turned dark: the same drawing in the other colours.
  new MutationObserver(function () {
    charts.forEach(function (one) { one.chart.setOption(options(one.data, one.spark), true); });
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
