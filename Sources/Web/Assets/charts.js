// The value below the pointer, in the chart's <output>. Without script the <title> of each mark shows as a tooltip.
export function watchCharts(root = document) {
    for (const chart of root.querySelectorAll("figure.chart, figure.uptime")) {
        const output = chart.querySelector("output");
        if (!output) continue;
        const rest = output.textContent;
        for (const mark of chart.querySelectorAll("rect > title")) {
            mark.parentNode.dataset.value = mark.textContent;
            mark.remove();
        }
        chart.addEventListener("pointermove", (event) => { output.textContent = event.target.dataset?.value ?? rest; });
        chart.addEventListener("pointerleave", () => { output.textContent = rest; });
    }
}
