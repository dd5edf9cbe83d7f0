namespace Sharing.Messaging;

/// <summary>Something that happens in an inbox.</summary>
/// <param name="Number">The reader's cursor from now on.</param>
/// <param name="Message">What arrived; <c>null</c>: what came between the reader's cursor and this one cannot be told any more. He should look at the inbox as it is.</param>
public sealed record InboxEvent(long Number, Message? Message = null);
