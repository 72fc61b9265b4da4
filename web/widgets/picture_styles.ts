import {css} from 'lit';

export const pictureStyles = css`
  .picture { display: grid; place-items: center; aspect-ratio: 4 / 3; border-radius: 12px; }
  .picture svg { width: 46%; max-width: 190px; height: auto; }
  .ground0 { background: light-dark(#e4efe9, #1c2f29); color: light-dark(#235848, #9fd3c0); }
  .ground1 { background: light-dark(#f4eadb, #332a1c); color: light-dark(#74501b, #e0bf87); }
  .ground2 { background: light-dark(#e6ecf6, #1e2736); color: light-dark(#2c4b80, #a7c1ec); }
  .ground3 { background: light-dark(#f6e6e6, #362325); color: light-dark(#843540, #ebaab1); }
  .ground4 { background: light-dark(#ece8f4, #282338); color: light-dark(#56408a, #c2b2ec); }
  .ground5 { background: light-dark(#eaf0da, #272e1a); color: light-dark(#4b6118, #c0d78d); }
`;
