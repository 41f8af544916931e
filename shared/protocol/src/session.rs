//! An open session of either side: sealing and opening in order, growing ids, the window of unanswered requests, `welcome`
//! first.

use std::collections::HashSet;

use serde::Serialize;

use crate::{
    cbor::{self, Encoded, Value},
    close::CloseCode,
    frame::{Direction, EncodedPush, FrameError, OpError, Push, Request, Response, ServerFrame, SessionKeys, Welcome},
    limits,
};

/// The peer broke the rules of the session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// A frame is not acceptable.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A request's id is not above the one before.
    #[error("a request's id did not grow")]
    Id,
    /// The server sent something before `welcome`, or `welcome` again.
    #[error("welcome is not the first frame, or came twice")]
    Welcome,
    /// The server answered a request that was not made, or twice.
    #[error("an answer to no request")]
    Unasked,
    /// The stream's offsets have a gap or go back.
    #[error("the push stream has a gap")]
    Gap,
}

impl SessionError {
    /// The close code to send.
    pub const fn close(&self) -> CloseCode {
        match self {
            Self::Frame(FrameError::Exhausted) => CloseCode::SessionEnd,
            _ => CloseCode::Malformed,
        }
    }
}

/// The server's side of an open session.
#[derive(Debug)]
pub struct ServerSession {
    incoming: Direction,
    outgoing: Direction,
    last_id: Option<u64>,
    unanswered: usize,
    window: usize,
}

/// What a client's frame turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A request to carry out; [`ServerSession::answer`] it.
    Request(Request),
    /// One too many at once: the frame to send back, an error `busy`.
    Busy(Vec<u8>),
}

impl ServerSession {
    /// A session with fresh keys, `window` unanswered requests at most.
    pub fn new(keys: SessionKeys, window: usize) -> Self {
        Self {
            incoming: Direction::new(keys.client_to_server),
            outgoing: Direction::new(keys.server_to_client),
            last_id: None,
            unanswered: 0,
            window,
        }
    }

    /// The first frame.
    pub fn welcome(&mut self, welcome: Welcome) -> Result<Vec<u8>, SessionError> {
        self.send(&ServerFrame::Welcome(welcome))
    }

    /// Opens the client's next frame.
    pub fn receive(&mut self, sealed: &[u8]) -> Result<Incoming, SessionError> {
        let frame = self.incoming.open(sealed)?;
        let request = Request::from_bytes(&frame).map_err(FrameError::Malformed)?;
        if self.last_id.is_some_and(|last| request.id <= last) {
            return Err(SessionError::Id);
        }
        self.last_id = Some(request.id);
        if self.unanswered >= self.window {
            let error = OpError {
                code: crate::ops::error::BUSY.into(),
                message: "too many requests wait for an answer".into(),
                retry: true,
            };
            let busy = ServerFrame::Response(Response { id: request.id, outcome: Err(error) });
            return Ok(Incoming::Busy(self.send(&busy)?));
        }
        self.unanswered += 1;
        Ok(Incoming::Request(request))
    }

    /// Seals the answer to a request given out by [`Self::receive`].
    pub fn answer(&mut self, id: u64, outcome: Result<Value, OpError>) -> Result<Vec<u8>, SessionError> {
        self.answer_encoded(id, outcome.map(Encoded::from))
    }

    /// The same with a result that is encoded already.
    pub fn answer_encoded(&mut self, id: u64, outcome: Result<Encoded, OpError>) -> Result<Vec<u8>, SessionError> {
        self.unanswered = self.unanswered.saturating_sub(1);
        match outcome {
            Ok(result) => Ok(self.outgoing.seal(&ServerFrame::ok_bytes(id, &result))?),
            Err(error) => self.send(&ServerFrame::Response(Response { id, outcome: Err(error) })),
        }
    }

    /// Seals a push.
    pub fn push(&mut self, push: Push) -> Result<Vec<u8>, SessionError> {
        self.push_encoded(&EncodedPush::new(push))
    }

    /// The same with a push that is encoded already.
    pub fn push_encoded(&mut self, push: &EncodedPush) -> Result<Vec<u8>, SessionError> {
        Ok(self.outgoing.seal(push.as_bytes())?)
    }

    fn send(&mut self, frame: &ServerFrame) -> Result<Vec<u8>, SessionError> {
        Ok(self.outgoing.seal(&frame.to_bytes())?)
    }
}

/// The client's side of an open session.
#[derive(Debug)]
pub struct ClientSession {
    incoming: Direction,
    outgoing: Direction,
    next_id: u64,
    asked: HashSet<u64>,
    welcomed: bool,
    /// The last offset received; what follows must be one more.
    offset: Option<u64>,
    resume_from: Option<u64>,
}

impl ClientSession {
    /// A session with fresh keys; `resume_from` is the offset sent in the proof, if any.
    pub fn new(keys: SessionKeys, resume_from: Option<u64>) -> Self {
        Self {
            incoming: Direction::new(keys.server_to_client),
            outgoing: Direction::new(keys.client_to_server),
            next_id: 1,
            asked: HashSet::new(),
            welcomed: false,
            offset: None,
            resume_from,
        }
    }

    /// Seals a request. Not before `welcome` opened; at most 64 may wait for an answer.
    pub fn request<B: Serialize>(&mut self, op: &str, body: &B) -> Result<(u64, Vec<u8>), SessionError> {
        if !self.welcomed {
            return Err(SessionError::Welcome);
        }
        #[derive(Serialize)]
        struct Frame<'a, B> {
            id: u64,
            op: &'a str,
            body: &'a B,
        }
        let id = self.next_id;
        let sealed = self.outgoing.seal(&cbor::encode(&Frame { id, op, body }))?;
        self.next_id += 1;
        self.asked.insert(id);
        Ok((id, sealed))
    }

    /// Whether another request may be sent now.
    pub fn has_room(&self) -> bool {
        self.asked.len() < limits::UNANSWERED
    }

    /// Opens the server's next frame.
    pub fn receive(&mut self, sealed: &[u8]) -> Result<ServerFrame, SessionError> {
        let bytes = self.incoming.open(sealed)?;
        let frame = ServerFrame::from_bytes(&bytes).map_err(FrameError::Malformed)?;
        match &frame {
            ServerFrame::Welcome(_) if self.welcomed => return Err(SessionError::Welcome),
            ServerFrame::Welcome(welcome) => {
                self.welcomed = true;
                self.offset = if welcome.recovered { self.resume_from } else { Some(welcome.offset) };
            }
            _ if !self.welcomed => return Err(SessionError::Welcome),
            ServerFrame::Response(response) => {
                if !self.asked.remove(&response.id) {
                    return Err(SessionError::Unasked);
                }
            }
            ServerFrame::Push(push) => {
                if self.offset.is_some_and(|last| push.offset != last.saturating_add(1)) {
                    return Err(SessionError::Gap);
                }
                self.offset = Some(push.offset);
            }
        }
        Ok(frame)
    }
}

#[cfg(test)]
mod tests;
