using System.Text;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing.Terminal;

/// <summary>The terminal's own browser (row M8): a page as readable text, with its links. No script is run, and nothing is fetched for it.</summary>
sealed class WebPageHandler : IResourceHandler
{
    const int MostBytes = 16 << 20;

    static readonly string[] s_silent = ["script", "style", "noscript", "template", "svg", "head", "iframe", "object"];
    static readonly string[] s_blocks = ["p", "div", "section", "article", "header", "footer", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "table", "ul", "ol"];

    public string Id => "sharing.web";

    public IReadOnlyList<HandledKind> Kinds { get; } = [new() { MediaType = "text/html" }, new() { MediaType = "application/xhtml+xml" }];

    public async Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default)
    {
        if (resource.Content.Info.Length > MostBytes)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"The page has more than {MostBytes} bytes.");
        }

        using var context = BrowsingContext.New(Configuration.Default); // without a loader and without scripts
        using var document = await context.OpenAsync(request => request.Content(new ContentStream(resource.Content, ContentArea.Data, 0)), cancellationToken);
        var text = new StringBuilder();
        if (document.Title is { Length: > 0 } title)
        {
            text.Append(title.Trim()).Append("\n\n");
        }

        Write(document.Body, text);
        var (shown, isApart) = (new StringBuilder(), true);
        foreach (var line in text.ToString().Split('\n').Select(static line => line.Trim()))
        {
            if (line.Length > 0)
            {
                shown.Append(!isApart || shown.Length == 0 ? "" : "\n").Append(line).Append('\n');
            }

            isApart = line.Length == 0;
        }

        await output.WriteAsync(Encoding.UTF8.GetBytes(shown.ToString()), cancellationToken);
        return new(Id, "text/plain; charset=utf-8");
    }

    static void Write(INode? node, StringBuilder text)
    {
        foreach (var child in node?.ChildNodes ?? Enumerable.Empty<INode>())
        {
            switch (child)
            {
                case IText words:
                    text.Append(string.Join(' ', words.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
                    text.Append(words.Text.Length > 0 && char.IsWhiteSpace(words.Text[^1]) ? " " : "");
                    break;
                case IElement element when s_silent.Contains(element.LocalName):
                    break;
                case IHtmlAnchorElement { Protocol: "http:" or "https:" } link: // whatever else leads nowhere
                    Write(link, text);
                    text.Append(" <").Append(link.Href).Append("> ");
                    break;
                case IElement { LocalName: "br" }:
                    text.Append('\n');
                    break;
                case IElement element:
                    var isBlock = s_blocks.Contains(element.LocalName);
                    text.Append(isBlock ? "\n" : "").Append(element.LocalName == "li" ? "- " : "");
                    Write(element, text);
                    text.Append(isBlock ? "\n" : "");
                    break;
            }
        }
    }
}
