import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { createClient, takeToken } from './api.ts';
import { desktop } from './inbox/choose-files.ts';
import { createStation } from './create-station.ts';
import { hasLeft, SIGNED_IN, signInAgain, tellSignedIn } from './session/session.ts';
import { StillScreen } from './session/still-screen.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/inbox.css';
import './styles/review.css';
import './styles/lines.css';
import './styles/viewer.css';
import './styles/screens.css';
import './styles/site.css';
import './styles/sync.css';
import './styles/settling.css';
import './styles/together.css';

// zod would probe for `new Function`, which the content security policy reports as a violation even though it is caught.
z.config({ jitless: true });

const token = desktop ? null : takeToken({ location, history, storage: sessionStorage });

/** Signed out on purpose: the server is not asked, or an identity provider would sign in again by itself. */
function content(): ReactNode {
  if (location.hash === SIGNED_IN) {
    tellSignedIn();
    // A window that a script has opened can be closed by one; where it cannot, it says what to do.
    window.close();
    return <StillScreen kind="in" go={() => location.replace('/')} />;
  }
  if (token === null && hasLeft(sessionStorage))
    return <StillScreen kind="out" go={() => signInAgain({ location, tab: sessionStorage })} />;
  return <App station={createStation(createClient(token))} />;
}

createRoot(document.getElementById('root')!).render(<StrictMode>{content()}</StrictMode>);
