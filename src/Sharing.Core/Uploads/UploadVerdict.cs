namespace Sharing.Core;

/// <summary>What a receiver says to an upload: yes, perhaps with its own name for it; or no, and why. Immutable.</summary>
public sealed record UploadVerdict
{
    UploadVerdict()
    {
    }

    /// <summary>Yes.</summary>
    public static UploadVerdict Accepted { get; } = new();

    /// <summary>At completion, where <see cref="ContentReferences.AddAsync"/> said <c>false</c>: the bytes are going just now. They are looked for again, or must be sent again.</summary>
    public static UploadVerdict ContentGone { get; } = new() { IsContentGone = true };

    /// <summary>The code of the problem; <c>null</c>: accepted.</summary>
    public string? Problem { get; private init; }

    /// <summary>What is said to the person about the problem.</summary>
    public string? Message { get; private init; }

    /// <summary>What the receiver calls the upload from now on, at most 200 characters; told in the header <c>Upload-Result</c>.</summary>
    public string? Result { get; private init; }

    internal bool IsContentGone { get; private init; }

    /// <summary>Yes, and it is called so from now on.</summary>
    /// <exception cref="ArgumentException">Empty, or longer than 200 characters.</exception>
    public static UploadVerdict AcceptedAs(string result)
    {
        ArgumentException.ThrowIfNullOrEmpty(result);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(result.Length, 200, nameof(result));
        return new() { Result = result };
    }

    /// <summary>No.</summary>
    /// <param name="problem">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="message">Why, for the person.</param>
    public static UploadVerdict Refused(string problem, string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(problem);
        return new() { Problem = problem, Message = message };
    }
}
