from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts import cookies
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.mailbox.service import Mailbox
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.signing_in.schemas import ForgottenPassword, MailedToken, PasswordReset, Sent


class MailboxEndpoints:
    """Showing that a mail address is one's own, and a new password by mail."""

    def __init__(self, mailbox: Mailbox, gate: Gate) -> None:
        self._mailbox = mailbox
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api/auth", tags=["Accounts"])
        add = router.add_api_route
        add("/verify-email", self.verify, methods=["POST"], response_model=Sent, summary="Verify an address")
        add(
            "/resend-verification",
            self.resend,
            methods=["POST"],
            status_code=202,
            response_model=Sent,
            summary="Have the mail sent again by which I verify my address",
            dependencies=[self._gate.let(Permission.OWN, browsers_only=True)],
        )
        add(
            "/forgot-password",
            self.forgot,
            methods=["POST"],
            status_code=202,
            response_model=Sent,
            summary="Have a mail sent with which a new password is chosen",
        )
        add(
            "/reset-password",
            self.reset,
            methods=["POST"],
            response_model=Sent,
            summary="Choose a new password with what the mail held",
        )
        return router

    async def verify(self, given: MailedToken) -> Sent:
        """Take what the mail held; it counts once. Nobody need be signed in."""
        await self._mailbox.verify_email(given.token)
        return Sent(detail="Your address is verified.")

    async def resend(self, who: Who, request: Request) -> Sent:
        """Send it again, at most three times an hour."""
        await self._mailbox.resend_verification(who.user_id, cookies.client_of(request))
        return Sent(detail="A mail is on its way.")

    async def forgot(self, given: ForgottenPassword, request: Request) -> Sent:
        """Answer the same whether an account has this address or not."""
        await self._mailbox.forgot_password(given.email, cookies.client_of(request))
        return Sent(detail="If an account has this address, a mail is on its way.")

    async def reset(self, given: PasswordReset, request: Request, response: Response) -> Sent:
        """Set the password and end all sessions; sign in with it afterwards."""
        device = await self._mailbox.reset_password(given.token, given.password.get_secret_value())
        cookies.set_device(response, request, device)
        return Sent(detail="The password is changed; sign in with it.")
