// Before any of the page is seen: what needs a program is told apart from what does without, and the window is measured.
(({ documentElement: root }) => {
  root.classList.add("js", "waiting");
  root.dataset.wide = root.clientWidth;
  root.dataset.letters = parseFloat(getComputedStyle(root).fontSize);
})(document);
