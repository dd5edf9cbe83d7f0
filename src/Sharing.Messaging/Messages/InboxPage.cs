namespace Sharing.Messaging;

/// <summary>A part of an inbox.</summary>
/// <param name="Messages">In the order of arrival.</param>
/// <param name="Next">Where to go on: what to read after.</param>
/// <param name="IsWhole">Whether nothing comes after it now.</param>
/// <param name="IsCut">Whether messages between the place asked for and this page have had their time: look at the inbox as it is.</param>
public sealed record InboxPage(IReadOnlyList<Message> Messages, long Next, bool IsWhole, bool IsCut);
