/** The build puts the program of a worker into the page as a text. */
declare module '*?worker' {
  const program: string;
  export default program;
}
