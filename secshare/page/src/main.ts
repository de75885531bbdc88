import texts from "texts";

document.title = Object.keys(texts)[0] ?? document.title;
