@echo off
rem Builds what has changed and runs the command-line program; "fixupnet test" runs the test suite.
setlocal
set ROOT=%~dp0
set DOTNET_NOLOGO=1
if "%TensorProvider%"=="" set TensorProvider=TorchSharp
set CLI=%ROOT%artifacts\%TensorProvider%\bin\FixupNet.Cli\release\fixupnet-cli.exe
where dotnet >nul 2>nul || (echo fixupnet: the .NET 10 SDK is missing: install it from https://dot.net 1>&2 & exit /b 69)
if "%1"=="test" (
  dotnet test "%ROOT%FixupNet.sln" -c Release --filter "TestCategory!=Slow"
  exit /b %ERRORLEVEL%
)
if not exist "%CLI%" echo fixupnet: building; the first time downloads about 3 GB of TorchSharp's CUDA libraries 1>&2
dotnet build "%ROOT%src\FixupNet.Cli" -c Release -v q 1>&2 || exit /b 1
"%CLI%" %*
exit /b %ERRORLEVEL%
