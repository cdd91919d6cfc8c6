// The printed sheet: asks the browser to print as soon as it is there.
addEventListener("load", () => setTimeout(() => window.print(), 100));
document.getElementById("print").addEventListener("click", () => window.print());
