import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { createClient, takeToken } from './api.ts';
import { desktop } from './inbox/choose-files.ts';
import { createStation } from './create-station.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/inbox.css';
import './styles/review.css';
import './styles/lines.css';
import './styles/viewer.css';
import './styles/screens.css';

// zod would probe for `new Function`, which the content security policy reports as a violation even though it is caught.
z.config({ jitless: true });

const token = desktop ? null : takeToken({ location, history, storage: sessionStorage });
const station = createStation(createClient(token));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App station={station} />
  </StrictMode>,
);
