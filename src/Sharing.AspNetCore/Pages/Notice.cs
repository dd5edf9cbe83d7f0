using Microsoft.AspNetCore.Http;

namespace Sharing.AspNetCore;

/// <summary>What a page says after a form: that it was done, or what is wrong.</summary>
static class Notice
{
    /// <summary>The sentence for the query value <c>done</c>; only ours are ever shown.</summary>
    public static Html Done(HttpContext context) => (string?)context.Request.Query["done"] switch
    {
        "reshared" => Sentence("Reshared. The people who read you, and may see the original, see it now."),
        "commented" => Sentence("Your comment is there."),
        "withdrawn" => Sentence("Withdrawn. Its link no longer works, and the networks that can remove it are told to."),
        "retried" => Sentence("It is being sent again."),
        "connected" => Sentence("Connected. Your posts go there from now on."),
        "disconnected" => Sentence("Disconnected. Your posts no longer go there."),
        "follow" => Sentence("You follow this person now."),
        "unfollow" => Sentence("You no longer follow this person."),
        "befriend" => Sentence("Done. You are friends as soon as you both say so."),
        "unfriend" => Sentence("You are no longer friends."),
        "block" => Sentence("You blocked this person, who is not told."),
        "unblock" => Sentence("You no longer block this person."),
        "device" => Sentence("Builds are chosen for your device now."),
        "shown" => Sentence("Shown. Your friends are told, and each has a link that opens for him alone."),
        "revoked" => Sentence("Closed. The link opens no more; what your friend took already he keeps."),
        "sent" => Sentence("Sent. It is in the inboxes of those you named."),
        "some" => Sentence("Sent, but not to everybody: some are not known here, or take nothing from you."),
        "requested" => Sentence("It is in your inbox."),
        "extended" => Sentence("Extended."),
        "changed" => Sentence("Saved."),
        "deleted" => Sentence("Removed, for everybody."),
        "decline" => Sentence("You declined the request."),
        _ => Html.None,
    };

    public static Html Error(string? message) =>
        message is null ? Html.None : $"""<p class="notice bad" role="alert">{message}</p>""";

    static Html Sentence(string text) => $"""<p class="notice" role="status">{text}</p>""";
}
