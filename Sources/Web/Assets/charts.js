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
        const show = (event) => {
            // The target of a finger stays the mark that it touched first.
            output.textContent = document.elementFromPoint(event.clientX, event.clientY)?.dataset?.value ?? rest;
        };
        chart.addEventListener("pointerdown", show);
        chart.addEventListener("pointermove", show);
        // After a tap the value stays.
        chart.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") output.textContent = rest; });
    }
}
